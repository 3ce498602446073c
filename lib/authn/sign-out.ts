import "server-only";
import { detachUpstream, findSignOutEndpoint } from "@/lib/federation/upstream-sign-out";
import { newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { endOwnSession } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";

/**
 * Ends the caller's session, whatever becomes of the provider's. Answers with
 * the secret by which this browser can sign out at the provider that the session
 * came from, or null where there is nothing more to end (F74).
 */
export async function signOut(caller: Caller): Promise<string | null> {
  const secret = newSecret();
  const provider = await inTransaction(async (tx) => {
    const from = await detachUpstream(caller.principal.session.id, secret, tx);
    await endOwnSession(caller, tx);
    return from;
  });
  const endpoint = provider && (await findSignOutEndpoint(provider));
  return endpoint === null ? null : secret;
}
