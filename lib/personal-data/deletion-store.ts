import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

export interface PendingDeletion {
  userId: string;
  requestedById: string;
  requestedAt: Date;
  dueAt: Date;
  /** The last mail was queued: there is no way back. */
  begun: boolean;
}

/** Nobody else asks for it or takes it back before the transaction is over. */
export async function lockForDeletion(
  userId: string,
  db: Db,
): Promise<{ email: string; deletionDueAt: Date | null } | null> {
  const rows = await db.$queryRaw<{ email: string; deletionDueAt: Date | null }[]>`
    SELECT email, deletion_due_at AS "deletionDueAt" FROM users
     WHERE id = ${userId}::uuid FOR UPDATE`;
  return rows[0] ?? null;
}

/** False where it is asked for already. */
export async function insertDeletion(
  deletion: {
    id: string;
    userId: string;
    requestedById: string;
    graceSeconds: number;
    undoTokenHash: Uint8Array<ArrayBuffer>;
  },
  db: Db,
): Promise<Date | null> {
  const { id, userId, requestedById, graceSeconds, undoTokenHash } = deletion;
  const rows = await db.$queryRaw<{ dueAt: Date }[]>`
    INSERT INTO account_deletions (id, user_id, requested_by, due_at, undo_token_hash)
    VALUES (${id}::uuid, ${userId}::uuid, ${requestedById}::uuid,
            now() + make_interval(secs => ${graceSeconds}::int), ${undoTokenHash})
    ON CONFLICT (user_id) WHERE cancelled_at IS NULL DO NOTHING
    RETURNING due_at AS "dueAt"`;
  const dueAt = rows[0]?.dueAt ?? null;
  if (dueAt === null) return null;
  await db.$executeRaw`
    UPDATE users SET deletion_due_at = ${dueAt}, updated_at = now() WHERE id = ${userId}::uuid`;
  return dueAt;
}

export async function findPendingDeletion(
  userId: string,
  db: Db = prisma(),
): Promise<PendingDeletion | null> {
  const row = await db.accountDeletion.findFirst({
    where: { userId, cancelledAt: null, erasedAt: null },
    select: { userId: true, requestedById: true, requestedAt: true, dueAt: true, toldAt: true },
  });
  if (row === null) return null;
  const { toldAt, ...deletion } = row;
  return { ...deletion, begun: toldAt !== null };
}

/** One statement: false when it was taken back before, or has begun. */
export async function cancelDeletionRow(userId: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE account_deletions SET cancelled_at = now()
     WHERE user_id = ${userId}::uuid AND cancelled_at IS NULL AND told_at IS NULL`;
  if (count === 0) return false;
  await db.$executeRaw`
    UPDATE users SET deletion_due_at = NULL, updated_at = now() WHERE id = ${userId}::uuid`;
  return true;
}

export type UndoState = "pending" | "used" | "expired";

export async function findUndoLink(
  tokenHash: Uint8Array<ArrayBuffer>,
  db: Db = prisma(),
): Promise<{ userId: string; dueAt: Date; state: UndoState } | null> {
  const row = await db.accountDeletion.findUnique({
    where: { undoTokenHash: tokenHash },
    select: { userId: true, dueAt: true, cancelledAt: true, toldAt: true },
  });
  if (row === null) return null;
  const { userId, dueAt, cancelledAt, toldAt } = row;
  const state = cancelledAt !== null ? "used" : toldAt !== null ? "expired" : "pending";
  return { userId, dueAt, state };
}

export interface ClaimedDeletion {
  id: string;
  userId: string;
  told: boolean;
  erased: boolean;
}

/**
 * The next one that is due and that nobody else is at, for so long: whoever is killed at it leaves
 * it to the next. Null for none.
 */
export async function claimDueDeletion(
  claimSeconds: number,
  db: Db = prisma(),
): Promise<ClaimedDeletion | null> {
  const rows = await db.$queryRaw<ClaimedDeletion[]>`
    UPDATE account_deletions
       SET claimed_until = now() + make_interval(secs => ${claimSeconds}::int)
     WHERE id = (SELECT id FROM account_deletions
                  WHERE cancelled_at IS NULL AND finished_at IS NULL AND due_at <= now()
                    AND (claimed_until IS NULL OR claimed_until <= now())
                  ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, user_id AS "userId", told_at IS NOT NULL AS told, erased_at IS NOT NULL AS erased`;
  return rows[0] ?? null;
}

/** Leaves it alone for so long. */
export async function postpone(id: string, seconds: number, db: Db = prisma()): Promise<void> {
  await db.$executeRaw`
    UPDATE account_deletions SET claimed_until = now() + make_interval(secs => ${seconds}::int)
     WHERE id = ${id}::uuid`;
}

/** Past the way back, once: false where somebody has kept the account meanwhile or was here before. */
export async function markTold(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE account_deletions SET told_at = now()
     WHERE id = ${id}::uuid AND cancelled_at IS NULL AND told_at IS NULL AND due_at <= now()`;
  return count === 1;
}

export async function markErased(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE account_deletions SET erased_at = now(), undo_token_hash = NULL
     WHERE id = ${id}::uuid AND told_at IS NOT NULL AND erased_at IS NULL`;
  return count === 1;
}

export async function markFinished(id: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE account_deletions SET finished_at = now()
     WHERE id = ${id}::uuid AND erased_at IS NOT NULL AND finished_at IS NULL`;
  return count === 1;
}

/** True once the last mail has left, or when it has had this long to. */
export async function isToldEnough(id: string, waitSeconds: number): Promise<boolean> {
  const [row] = await prisma().$queryRaw<[{ enough: boolean }?]>`
    SELECT d.told_at < now() - make_interval(secs => ${waitSeconds}::int)
           OR NOT EXISTS (SELECT FROM outbox o JOIN users u ON u.email = o.recipient
                           WHERE u.id = d.user_id AND o.kind = 'account-erased'
                             AND o.sent_at IS NULL) AS enough
      FROM account_deletions d WHERE d.id = ${id}::uuid`;
  return row?.enough ?? false;
}

export interface ErasedAccount {
  userId: string;
  erasedAt: Date;
}

/** The ids of all who were erased, oldest first. */
export async function listErasedRows(): Promise<ErasedAccount[]> {
  const rows = await prisma().accountDeletion.findMany({
    where: { erasedAt: { not: null } },
    orderBy: { erasedAt: "asc" },
    select: { userId: true, erasedAt: true },
  });
  return rows.flatMap(({ userId, erasedAt }) => (erasedAt === null ? [] : [{ userId, erasedAt }]));
}

/** Makes an erasure due at once that a restored backup has forgotten; false where it is there. */
export async function insertRepeatedErasure(id: string, userId: string, db: Db): Promise<boolean> {
  const count = await db.$executeRaw`
    INSERT INTO account_deletions (id, user_id, requested_by, due_at, told_at)
    SELECT ${id}::uuid, u.id, u.id, now(), now() FROM users u WHERE u.id = ${userId}::uuid
    ON CONFLICT (user_id) WHERE cancelled_at IS NULL
       DO UPDATE SET due_at = now(), told_at = COALESCE(account_deletions.told_at, now())
           WHERE account_deletions.erased_at IS NULL`;
  if (count === 0) return false;
  await db.$executeRaw`
    UPDATE users SET deletion_due_at = now(), updated_at = now() WHERE id = ${userId}::uuid`;
  return true;
}
