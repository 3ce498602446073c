import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export async function findPasswordHash(userId: string, db: Db = prisma()): Promise<string | null> {
  const credential = await db.passwordCredential.findUnique({
    where: { userId },
    select: { hash: true },
  });
  return credential?.hash ?? null;
}

/** How many hashes are kept, whatever a rule asks for: the most that a rule may ask for. */
const HISTORY_MAX = 24;

/** Sets the hash, whether or not the user had a password; the one before is remembered. */
export async function savePasswordHash(userId: string, hash: string, db: Db): Promise<void> {
  await db.$executeRaw`
    INSERT INTO password_history (id, user_id, hash, created_at)
    SELECT ${newId()}::uuid, user_id, hash, changed_at FROM credentials_password
     WHERE user_id = ${userId}::uuid`;
  await db.$executeRaw`
    DELETE FROM password_history WHERE user_id = ${userId}::uuid AND id NOT IN (
      SELECT id FROM password_history WHERE user_id = ${userId}::uuid
       ORDER BY created_at DESC, id DESC LIMIT ${HISTORY_MAX})`;
  await db.$executeRaw`
    INSERT INTO credentials_password (user_id, hash) VALUES (${userId}::uuid, ${hash})
    ON CONFLICT (user_id) DO UPDATE SET hash = ${hash}, updated_at = now(), changed_at = now()`;
}

/** For users who have had none. Throws a unique violation for one who has. */
export async function insertPasswordHashes(
  rows: { userId: string; hash: string }[],
  db: Db,
): Promise<void> {
  await db.passwordCredential.createMany({ data: rows });
}

/** Takes the password if it was chosen since then; true when it was. */
export async function deletePasswordSince(userId: string, since: Date, db: Db): Promise<boolean> {
  const { count } = await db.passwordCredential.deleteMany({
    where: { userId, changedAt: { gte: since } },
  });
  return count > 0;
}

/** The present hash and those before it, newest first. */
export async function listPasswordHashes(userId: string, count: number): Promise<string[]> {
  const rows = await prisma().$queryRaw<{ hash: string }[]>`
    (SELECT hash, 'infinity'::timestamptz AS at FROM credentials_password
      WHERE user_id = ${userId}::uuid)
    UNION ALL
    (SELECT hash, created_at AS at FROM password_history WHERE user_id = ${userId}::uuid)
    ORDER BY at DESC LIMIT ${count}`;
  return rows.map(({ hash }) => hash);
}

/** Replaces exactly this hash: a password changed meanwhile is left as it is. */
export async function replacePasswordHash(
  userId: string,
  previous: string,
  hash: string,
  db: Db = prisma(),
): Promise<void> {
  await db.passwordCredential.updateMany({
    where: { userId, hash: previous },
    data: { hash },
  });
}
