import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface NewRegistration {
  email: string;
  name: string | null;
  passwordHash: string;
  tokenHash: Uint8Array<ArrayBuffer>;
  browserHash: Uint8Array<ArrayBuffer> | null;
  lifetimeSeconds: number;
}

export async function insertRegistration(
  id: string,
  registration: NewRegistration,
  db: Db,
): Promise<void> {
  const { email, name, passwordHash, tokenHash, browserHash, lifetimeSeconds } = registration;
  await db.$executeRaw`
    INSERT INTO registrations (id, email, name, password_hash, token_hash, browser_hash, expires_at)
    VALUES (${id}::uuid, ${email}, ${name}, ${passwordHash}, ${tokenHash}, ${browserHash},
            now() + make_interval(secs => ${lifetimeSeconds}::double precision))`;
}

export interface PendingRegistration {
  id: string;
  email: string;
  name: string | null;
  passwordHash: string;
  browserHash: Uint8Array | null;
}

const PENDING_COLUMNS = Prisma.sql`
  id, email, name, password_hash AS "passwordHash", browser_hash AS "browserHash"`;

/** The newest sign-up of an address that waits for its confirmation. */
export async function findPendingRegistration(
  email: string,
  db: Db = prisma(),
): Promise<PendingRegistration | null> {
  const rows = await db.$queryRaw<PendingRegistration[]>`
    SELECT ${PENDING_COLUMNS} FROM registrations
     WHERE email = ${email} AND consumed_at IS NULL AND expires_at > now()
     ORDER BY created_at DESC, id DESC LIMIT 1`;
  return rows[0] ?? null;
}

/** What a link stands for, without using it up. `spent` when it was used or has expired. */
export async function findRegistrationByToken(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<(PendingRegistration & { state: "pending" | "used" | "expired" }) | null> {
  const rows = await db.$queryRaw<
    (PendingRegistration & { state: "pending" | "used" | "expired" })[]
  >`
    SELECT ${PENDING_COLUMNS},
            CASE WHEN consumed_at IS NOT NULL THEN 'used'
                 WHEN expires_at <= now() THEN 'expired' ELSE 'pending' END AS state
       FROM registrations WHERE token_hash = ${tokenHash}`;
  return rows[0] ?? null;
}

/** One conditional statement: of parallel confirmations one wins (DEC-1). */
export async function consumeRegistration(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE registrations SET consumed_at = now()
     WHERE id = ${id}::uuid AND consumed_at IS NULL AND expires_at > now()`;
  return count === 1;
}

/** The other links for this address die with the one that was used. */
export async function discardRegistrations(email: string, db: Db): Promise<void> {
  await db.$executeRaw`
    UPDATE registrations SET consumed_at = now() WHERE email = ${email} AND consumed_at IS NULL`;
}

export async function purgeRegistrations(): Promise<number> {
  return prisma().$executeRaw`
    DELETE FROM registrations WHERE expires_at < now() - interval '7 days'`;
}
