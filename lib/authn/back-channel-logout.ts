import "server-only";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import { BACK_CHANNEL_REQUESTS } from "@/lib/authn/attempt-limits";
import {
  consumeLogoutToken,
  endUpstreamSessions,
  verifyLogoutToken,
} from "@/lib/federation/logout-token";
import { REFUSED_CALLBACKS } from "@/lib/federation/record-refused-callback";
import { inTransaction } from "@/lib/platform/db/transaction";
import { networkOf } from "@/lib/platform/http/client-address";
import { spend } from "@/lib/platform/rate-limit/limiter";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";

export type BackChannelLogout =
  | { outcome: "ended"; sessions: number }
  | { outcome: "rejected" }
  | { outcome: "limited"; retryAfterSeconds: number };

/**
 * Ends the sessions that a provider says have ended there (OIDC Back-Channel
 * Logout 1.0 §2.5). A token counts once; a provider reaches no session but those
 * that came from it.
 */
export async function logOutByBackChannel(
  provider: string,
  token: string,
  request: RequestFacts,
): Promise<BackChannelLogout> {
  const budget = await spend(BACK_CHANNEL_REQUESTS, networkOf(request.ip));
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  const verified = await verifyLogoutToken(provider, token);
  const ended =
    verified &&
    (await inTransaction(async (tx) => {
      if (!(await consumeLogoutToken(verified, tx))) return null;
      let sessions = 0;
      for (const { sessionId, userId } of await endUpstreamSessions(verified, tx)) {
        const [only, actor] = [{ only: sessionId }, { type: "system" } as const];
        sessions += await revokeSessions(userId, only, "upstream_sign_out", actor, request, tx);
      }
      return sessions;
    }));
  if (ended !== null) return { outcome: "ended", sessions: ended };
  await recordAnonymousRefusal(
    REFUSED_CALLBACKS,
    { action: "session.revoked", reason: "logout-token-invalid" },
    request,
  );
  return { outcome: "rejected" };
}
