import "server-only";
import { batchedLookup } from "@/lib/platform/db/batched-lookup";
import { pool } from "@/lib/platform/db/pool";

/** By client, what a session has been authorized for there. */
export type Authorizations = Record<string, { sid?: string; grantId?: string }>;

export const findAuthorizations = async (sessionId: string): Promise<Authorizations> =>
  (await lookUp(sessionId))?.authorizations ?? {};

const lookUp = batchedLookup<string, { authorizations: Authorizations }>({
  name: "find-oidc-sessions",
  text: `SELECT session_id AS key, authorizations FROM oidc_sessions
          WHERE session_id = ANY($1::uuid[])`,
  textOf: (id) => id.toLowerCase(),
});

/**
 * Adds to what is there by one statement: two authorizations at once both stay.
 * False for a session that has ended, which nothing is added to: whoever ends it
 * waits for this statement or is seen by it, so that every client that a session
 * signed in to is told of its end (F63).
 */
export async function mergeAuthorizations(
  sessionId: string,
  authorizations: Authorizations,
): Promise<boolean> {
  const { rowCount } = await pool().query({
    name: "merge-oidc-session",
    text: `INSERT INTO oidc_sessions (session_id, authorizations)
           SELECT id, $2 FROM sessions WHERE id = $1 AND revoked_at IS NULL FOR SHARE
           ON CONFLICT (session_id) DO UPDATE
              SET authorizations = oidc_sessions.authorizations || excluded.authorizations`,
    values: [sessionId, authorizations],
  });
  return rowCount === 1;
}
