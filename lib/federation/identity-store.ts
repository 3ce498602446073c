import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";

export interface IdentityKey {
  provider: string;
  providerAccountId: string;
}

export async function findIdentityOwner(
  { provider, providerAccountId }: IdentityKey,
  db: Db = prisma(),
): Promise<string | null> {
  const account = await db.account.findUnique({
    where: { provider_providerAccountId: { provider, providerAccountId } },
    select: { userId: true },
  });
  return account?.userId ?? null;
}

/** One statement: owner and epoch are of one moment, so that an identity taken since opens nothing (INV-2). */
export async function findIdentityProof({
  provider,
  providerAccountId,
}: IdentityKey): Promise<{ userId: string; epoch: number } | null> {
  const rows = await prisma().$queryRaw<{ userId: string; epoch: number }[]>`
    SELECT a.user_id AS "userId", u.sign_in_epoch AS epoch
      FROM accounts a JOIN users u ON u.id = a.user_id
     WHERE a.provider = ${provider} AND a.provider_account_id = ${providerAccountId}`;
  return rows[0] ?? null;
}

/** False when the identity is linked already: an identity signs in as one user. */
export async function insertIdentity(
  userId: string,
  type: string,
  { provider, providerAccountId }: IdentityKey,
  db: Db,
): Promise<boolean> {
  // By the database's clock, which says what came since a change of address (D19).
  const count = await db.$executeRaw`
    INSERT INTO accounts (id, user_id, type, provider, provider_account_id)
    VALUES (${newId()}::uuid, ${userId}::uuid, ${type}, ${provider}, ${providerAccountId})
    ON CONFLICT DO NOTHING`;
  return count === 1;
}

export function listIdentityRows(userId: string, db: Db = prisma()) {
  return db.account.findMany({
    where: { userId },
    orderBy: { createdAt: "asc" },
    select: { id: true, provider: true, createdAt: true },
  });
}

export async function deleteIdentity(userId: string, id: string, db: Db): Promise<boolean> {
  const { count } = await db.account.deleteMany({ where: { id, userId } });
  return count === 1;
}

export async function deleteIdentitiesSince(userId: string, since: Date, db: Db): Promise<boolean> {
  const { count } = await db.account.deleteMany({ where: { userId, createdAt: { gte: since } } });
  return count > 0;
}

export const countIdentities = (
  userId: string,
  providers: string[],
  db: Db = prisma(),
): Promise<number> => db.account.count({ where: { userId, provider: { in: providers } } });
