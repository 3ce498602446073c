import "server-only";
import type { Forgetting } from "@/lib/credentials/factor";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export interface RecoveryCodeRow {
  handle: string;
  hash: string;
}

/** Replaces every code of the user, used or not. */
export async function replaceRecoveryCodes(
  userId: string,
  codes: RecoveryCodeRow[],
  db: Db,
): Promise<void> {
  await db.recoveryCode.deleteMany({ where: { userId } });
  const [ids, handles] = [codes.map(() => newId()), codes.map(({ handle }) => handle)];
  const hashes = codes.map(({ hash }) => hash);
  // By the database's clock, which says what came since a change of address (D19).
  await db.$executeRaw`
    INSERT INTO credentials_recovery_code (id, user_id, handle, hash)
    SELECT id, ${userId}::uuid, handle, hash
      FROM unnest(${ids}::uuid[], ${handles}::text[], ${hashes}::text[]) AS code (id, handle, hash)`;
}

export async function findUnusedRecoveryCode(
  userId: string,
  handle: string,
): Promise<{ id: string; hash: string } | null> {
  return prisma().recoveryCode.findFirst({
    where: { userId, handle, consumedAt: null },
    select: { id: true, hash: true },
  });
}

/** One conditional statement: of parallel uses of a code one gets true (DEC-1). */
export async function consumeRecoveryCode(id: string): Promise<boolean> {
  const count = await prisma().$executeRaw`
    UPDATE credentials_recovery_code SET consumed_at = now()
     WHERE id = ${id}::uuid AND consumed_at IS NULL`;
  return count === 1;
}

export async function deleteRecoveryCodes(
  userId: string,
  db: Db,
  which?: Forgetting,
): Promise<boolean> {
  // Whatever vouches for them: codes alone are no second factor, and without them nobody gets round one.
  const { count } = await db.recoveryCode.deleteMany({
    where: { userId, createdAt: { gte: which?.since ?? new Date(0) } },
  });
  return count > 0;
}

export const countUnusedRecoveryCodes = (userId: string, db: Db = prisma()): Promise<number> =>
  db.recoveryCode.count({ where: { userId, consumedAt: null } });
