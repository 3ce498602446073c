import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

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

/** False when the identity is linked already: an identity signs in as one user. */
export async function insertIdentity(
  userId: string,
  type: string,
  { provider, providerAccountId }: IdentityKey,
  db: Db,
): Promise<boolean> {
  const { count } = await db.account.createMany({
    data: [{ userId, type, provider, providerAccountId }],
    skipDuplicates: true,
  });
  return count === 1;
}

export function listIdentityRows(userId: string, db: Db = prisma()) {
  return db.account.findMany({
    where: { userId },
    orderBy: { createdAt: "asc" },
    select: { id: true, provider: true, createdAt: true },
  });
}

export const countIdentities = (userId: string, db: Db = prisma()): Promise<number> =>
  db.account.count({ where: { userId } });
