import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { KeptSession } from "@/lib/sessions/kept-sessions";
import {
  findLiveSessions,
  resumeSessionRow,
  type UsableSessionRow,
} from "@/lib/sessions/session-store";
import type { RequestFacts } from "@/lib/shared/caller";

export interface KeptAccount {
  /** The address that the cookie has: what forms name it by. */
  keptAs: string;
  /** Today's, of a session that is alive; the cookie's of any other. */
  email: string;
  /** Null for a session that opens nothing any more: its owner has to sign in again. */
  live: { sessionId: string; userId: string; name: string | null } | null;
}

/**
 * What a browser's kept sessions are worth now. Of those that have ended it says
 * what the browser remembers and nothing that the database knows: whoever lost
 * access does not learn today's address.
 */
export async function listKeptAccounts(kept: readonly KeptSession[]): Promise<KeptAccount[]> {
  if (kept.length === 0) return [];
  const rows = await findLiveSessions(kept.map(({ secret }) => hashSecret(secret)));
  const byHash = new Map(rows.map((row) => [keyOf(row.tokenHash), row]));
  return kept.map(({ secret, email }) => {
    const row = byHash.get(keyOf(hashSecret(secret)));
    return row === undefined
      ? { keptAs: email, email, live: null }
      : { keptAs: email, email: row.email, live: liveOf(row) };
  });
}

const keyOf = (hash: Uint8Array): string => Buffer.from(hash).toString("base64");

const liveOf = ({ sessionId, userId, name }: UsableSessionRow) => ({ sessionId, userId, name });

/**
 * Takes up a browser's kept session with a new secret, by one conditional
 * statement: of two that switch at once one gets it, and a copy of the cookie is
 * worth nothing afterwards (ATK-32). It proves nothing: class and time of the last
 * proof stay. Null for a session that has ended, and for a user who was disabled
 * or left its organization.
 */
export async function resumeSession(
  formerSecret: string,
  request: RequestFacts,
): Promise<string | null> {
  const secret = newSecret();
  return inTransaction(async (tx) => {
    const hashes = { former: hashSecret(formerSecret), next: hashSecret(secret) };
    const resumed = await resumeSessionRow(hashes, tx);
    if (resumed === null) return null;
    const { sessionId, userId } = resumed;
    await recordEvent(
      {
        action: "session.resumed",
        outcome: "success",
        actor: { type: "user", id: userId, sessionId },
        target: { type: "session", id: sessionId },
      },
      request,
      tx,
    );
    return secret;
  });
}
