import "server-only";
import { PrismaAdapter } from "@auth/prisma-adapter";
import type { Adapter } from "next-auth/adapters";
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

const refuse = (operation: string) => () => {
  throw new Error(`Auth.js must not ${operation}: users and links are made by our own use cases`);
};

/**
 * Auth.js's own adapter, for looking identities up. It may not create or link
 * anything: a user comes to be with roles, membership and audit event, and an
 * identity is never linked by its email address (ATK-15).
 */
export function authJsAdapter(): Adapter {
  return {
    ...PrismaAdapter(prisma() as never),
    createUser: refuse("create a user"),
    updateUser: refuse("change a user"),
    deleteUser: refuse("delete a user"),
    linkAccount: refuse("link an identity"),
    unlinkAccount: refuse("unlink an identity"),
  };
}

export function listIdentityRows(userId: string, db: Db = prisma()) {
  return db.account.findMany({
    where: { userId },
    orderBy: { createdAt: "asc" },
    select: { id: true, provider: true, createdAt: true },
  });
}
