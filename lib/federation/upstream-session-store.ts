import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

type Hash = Uint8Array<ArrayBuffer>;

/** By whom a session at a provider was vouched for; both are null for a provider of the environment. */
interface Voucher {
  provider: string;
  connectionId: string | null;
  issuer: string | null;
}

export interface UpstreamSessionRow extends Omit<Voucher, "connectionId"> {
  id: string;
  idToken: Uint8Array;
}

/** What a logout token is about: one session at the provider, or all of one person. */
export interface UpstreamKey {
  provider: string;
  subject: string | null;
  sid: string | null;
}

export async function insertUpstreamSession(
  session: Voucher & {
    id: string;
    subject: string;
    sid: string | null;
    idToken: Uint8Array<ArrayBuffer>;
  },
): Promise<void> {
  await prisma().upstreamSession.create({ data: session });
}

export const findVoucherOf = (id: string, db: Db): Promise<Voucher | null> =>
  db.upstreamSession.findUnique({
    where: { id },
    select: { provider: true, connectionId: true, issuer: true },
  });

/** True while it waits for its session; then nobody else changes it until the transaction is over. */
export async function lockPendingUpstream(id: string, db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM upstream_sessions
     WHERE id = ${id}::uuid AND session_id IS NULL AND sign_out_hash IS NULL FOR UPDATE`;
  return rows.length === 1;
}

/** Sign-ins through a provider that are not finished, whoever they are of. */
export async function deletePendingOf(provider: string, db: Db): Promise<void> {
  await db.$executeRaw`
    DELETE FROM upstream_sessions
     WHERE provider = ${provider} AND session_id IS NULL AND sign_out_hash IS NULL`;
}

/** All of a provider that is not any more what it was, also of sessions that go on here. */
export async function deleteUpstreamOf(provider: string, db: Db): Promise<void> {
  await db.upstreamSession.deleteMany({ where: { provider } });
}

export async function claimPendingUpstream(id: string, sessionId: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE upstream_sessions SET session_id = ${sessionId}::uuid
     WHERE id = ${id}::uuid AND session_id IS NULL AND sign_out_hash IS NULL`;
}

/** Parts it from its session, whose end would delete it; answers with the provider, if there was one. */
export async function detachForSignOut(
  sessionId: string,
  signOutHash: Hash,
  lifetimeSeconds: number,
  db: Db,
): Promise<string | null> {
  const rows = await db.$queryRaw<{ provider: string }[]>`
    UPDATE upstream_sessions
       SET session_id = NULL, sign_out_hash = ${signOutHash},
           sign_out_until = now() + make_interval(secs => ${lifetimeSeconds}::double precision)
     WHERE session_id = ${sessionId}::uuid
    RETURNING provider`;
  return rows[0]?.provider ?? null;
}

export async function findBySignOut(signOutHash: Hash): Promise<UpstreamSessionRow | null> {
  const rows = await prisma().$queryRaw<UpstreamSessionRow[]>`
    SELECT id, provider, issuer, id_token AS "idToken" FROM upstream_sessions
     WHERE sign_out_hash = ${signOutHash} AND sign_out_until > now()`;
  return rows[0] ?? null;
}

/** Sign-ins that are not finished, and what was kept for signing out there. */
export async function deleteDetachedOf(
  { provider, subject, sid }: UpstreamKey,
  db: Db,
): Promise<void> {
  await db.$executeRaw`
    DELETE FROM upstream_sessions u
     WHERE u.session_id IS NULL AND u.provider = ${provider}
       AND (${subject}::text IS NOT NULL OR ${sid}::text IS NOT NULL)
       AND (${subject}::text IS NULL OR u.subject = ${subject})
       AND (${sid}::text IS NULL OR u.sid = ${sid}
            OR (u.sid IS NULL AND ${subject}::text IS NOT NULL))`;
}

/**
 * The live sessions here that came from there. A `sid` names one session, and a
 * subject alone all of theirs. Where the provider named no session at sign-in,
 * nobody can tell which is meant: all of the subject are.
 */
export async function listSessionsFrom(
  { provider, subject, sid }: UpstreamKey,
  db: Db,
): Promise<{ sessionId: string; userId: string }[]> {
  return db.$queryRaw`
    SELECT s.id AS "sessionId", s.user_id AS "userId"
      FROM upstream_sessions u JOIN sessions s ON s.id = u.session_id
     WHERE u.provider = ${provider} AND s.revoked_at IS NULL
       AND (${subject}::text IS NOT NULL OR ${sid}::text IS NOT NULL)
       AND (${subject}::text IS NULL OR u.subject = ${subject})
       AND (${sid}::text IS NULL OR u.sid = ${sid}
            OR (u.sid IS NULL AND ${subject}::text IS NOT NULL))`;
}

/** True for the first use of a token; one statement (DEC-1). */
export async function insertLogoutToken(
  digest: Hash,
  lifetimeSeconds: number,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    INSERT INTO logout_tokens (digest, expires_at)
    VALUES (${digest}, now() + make_interval(secs => ${lifetimeSeconds}::double precision))
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

/** Of sign-ins that came to nothing, of sessions that ran out, and tokens that are too old to be taken. */
export async function deleteUpstreamLeftovers(): Promise<number> {
  const sessions = await prisma().$executeRaw`
    DELETE FROM upstream_sessions u
     WHERE u.created_at < now() - interval '1 hour'
       AND (u.sign_out_until IS NULL OR u.sign_out_until < now())
       AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = u.session_id
                          AND s.revoked_at IS NULL AND s.idle_expires_at > now()
                          AND s.absolute_expires_at > now())`;
  const tokens = await prisma().$executeRaw`DELETE FROM logout_tokens WHERE expires_at < now()`;
  return sessions + tokens;
}
