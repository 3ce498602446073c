import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { raiseSessionRow } from "@/lib/sessions/session-store";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Notes that a session's user proved again who they are, and gives the session
 * a new secret: whoever copied the old cookie is left with nothing (ATK-32).
 * Returns the secret, or null for a session that has ended.
 */
export async function raiseSession(
  {
    userId,
    sessionId,
    acr,
    amr,
  }: { userId: string; sessionId: string; acr: string; amr: string[] },
  request: RequestFacts,
  tx: Db,
): Promise<string | null> {
  const secret = newSecret();
  const raised = await raiseSessionRow({ userId, sessionId, acr, amr }, hashSecret(secret), tx);
  if (raised === null) return null;
  await recordEvent(
    {
      action: "session.raised",
      outcome: "success",
      actor: { type: "user", id: userId, sessionId },
      target: { type: "session", id: sessionId },
      after: { acr: raised.acr, amr: raised.amr },
    },
    request,
    tx,
  );
  return secret;
}
