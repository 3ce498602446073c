import "server-only";
import type { Forgetting } from "@/lib/credentials/factor";
import { deviceSince, unlessKnown } from "@/lib/credentials/known-since-store";
import { type Db, prisma } from "@/lib/platform/db/client";

/** More than anybody has hands for; every list of them stays one page. */
const PASSKEYS_MAX = 20;

export interface NewPasskey {
  credentialId: Uint8Array<ArrayBuffer>;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: number;
  transports: string[];
  aaguid: string;
  backupEligible: boolean;
  backedUp: boolean;
  userVerified: boolean;
}

/** False when somebody has this credential already, or its owner has as many as one may. */
export async function insertPasskey(
  id: string,
  { userId, sessionId }: { userId: string; sessionId: string },
  passkey: NewPasskey,
  name: string,
  db: Db,
): Promise<boolean> {
  const count = await db.$executeRaw`
    INSERT INTO credentials_passkey (id, user_id, credential_id, public_key, counter, transports,
                                     aaguid, backup_eligible, backed_up, user_verified, name,
                                     known_since)
    SELECT ${id}::uuid, ${userId}::uuid, ${passkey.credentialId}, ${passkey.publicKey},
           ${passkey.counter}, ${passkey.transports}, ${passkey.aaguid}, ${passkey.backupEligible},
           ${passkey.backedUp}, ${passkey.userVerified}, ${name}, (${deviceSince(sessionId)})
     WHERE (SELECT count(*) FROM credentials_passkey
             WHERE user_id = ${userId}::uuid) < ${PASSKEYS_MAX}
        ON CONFLICT (credential_id) DO NOTHING`;
  return count === 1;
}

export interface PasskeyRow {
  id: string;
  userId: string;
  publicKey: Uint8Array<ArrayBuffer>;
  counter: bigint;
  backupEligible: boolean | null;
  /** That of its owner's sign-ins. */
  epoch: number;
}

/** One statement: key and epoch are of one moment, so that a key taken since opens nothing (INV-2). */
export async function findPasskey(
  credentialId: Uint8Array<ArrayBuffer>,
): Promise<PasskeyRow | null> {
  const rows = await prisma().$queryRaw<PasskeyRow[]>`
    SELECT p.id, p.user_id AS "userId", p.public_key AS "publicKey", p.counter,
           p.backup_eligible AS "backupEligible", u.sign_in_epoch AS epoch
      FROM credentials_passkey p JOIN users u ON u.id = p.user_id
     WHERE p.credential_id = ${credentialId}`;
  return rows[0] ?? null;
}

/**
 * Notes a use, unless the signature counter stood still or fell. Of two uses
 * with one count one gets true (WebAuthn L3 §7.2 step 22, DEC-1).
 */
export async function notePasskeyUse(
  id: string,
  {
    counter,
    backedUp,
    backupEligible,
    deviceId,
  }: { counter: number; backedUp: boolean; backupEligible: boolean; deviceId: string | null },
): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE credentials_passkey
       SET counter = ${counter}, backed_up = ${backedUp}, last_used_at = now(),
           backup_eligible = ${backupEligible},
           known_since = LEAST(known_since, (SELECT d.created_at FROM devices d
                                              WHERE d.id = ${deviceId}::uuid
                                                AND d.user_id = credentials_passkey.user_id))
     WHERE id = ${id}::uuid AND (counter < ${counter} OR (counter = 0 AND ${counter} = 0))`;
  return count === 1;
}

/** What an authenticator is told to look for. */
export function listDescriptors(
  userId: string,
): Promise<{ credentialId: Uint8Array<ArrayBuffer>; transports: string[] }[]> {
  return prisma().passkeyCredential.findMany({
    where: { userId },
    select: { credentialId: true, transports: true },
    orderBy: { id: "asc" },
  });
}

export interface PasskeyListing {
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  /** The model, as it says itself; zeros where browser or authenticator keep it back. */
  aaguid: string;
  /** Whether it may be kept on several devices; null where that is not known yet. */
  backupEligible: boolean | null;
  /** Kept on several devices by a passkey provider. */
  backedUp: boolean;
}

export function listPasskeyRows(userId: string): Promise<PasskeyListing[]> {
  return prisma().passkeyCredential.findMany({
    where: { userId },
    select: {
      id: true,
      name: true,
      createdAt: true,
      lastUsedAt: true,
      aaguid: true,
      backupEligible: true,
      backedUp: true,
    },
    orderBy: { id: "asc" },
  });
}

/** The name that it had; null when the user has no such passkey. */
export async function renamePasskeyRow(
  userId: string,
  id: string,
  name: string,
  db: Db,
): Promise<string | null> {
  const passkey = await db.passkeyCredential.findFirst({
    where: { id, userId },
    select: { name: true },
  });
  if (passkey === null) return null;
  await db.passkeyCredential.updateMany({ where: { id, userId }, data: { name } });
  return passkey.name;
}

export async function deletePasskeyRow(userId: string, id: string, db: Db): Promise<boolean> {
  const { count } = await db.passkeyCredential.deleteMany({ where: { id, userId } });
  return count === 1;
}

export async function deletePasskeyRows(
  userId: string,
  db: Db,
  which?: Forgetting,
): Promise<boolean> {
  const { count } = await db.passkeyCredential.deleteMany({
    where: { userId, createdAt: { gte: which?.since ?? new Date(0) }, ...unlessKnown(which) },
  });
  return count > 0;
}
