import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import type { RequestFacts } from "@/lib/shared/caller";

/** Notes a sign-in whose proof was right, and came to nothing: spent, replaced or taken away meanwhile. */
export async function recordVoidedSignIn(
  userId: string | null,
  reason: string,
  request: RequestFacts,
): Promise<void> {
  await recordStandaloneEvent(
    {
      action: "session.rejected",
      outcome: "failure",
      actor: { type: "anonymous" },
      target: userId === null ? undefined : { type: "user", id: userId },
      reason,
    },
    request,
  );
}
