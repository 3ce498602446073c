import "server-only";
import type { UserStatus } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import {
  activateUnlessDisabled,
  discardLinks,
  findActiveUser,
  findOpeningMembership,
  findUserById,
  lockUserRow,
} from "@/lib/users/user-store";

export async function findUserIdentity(
  userId: string,
  db?: Db,
): Promise<{
  id: string;
  email: string;
  name: string | null;
  status: UserStatus;
} | null> {
  const user = await findUserById(userId, db);
  return (
    user && {
      id: user.id,
      email: user.email,
      name: user.name,
      status: user.status,
    }
  );
}

/** What a client may be told of an active user, as far as its scopes go; null for all others. */
export async function findUserClaims(
  userId: string,
): Promise<{ name: string | null; email: string; emailVerified: boolean; updatedAt: Date } | null> {
  const user = await findActiveUser(userId);
  return user && { ...user, emailVerified: user.emailVerified !== null };
}

/**
 * Makes an invited user active; an active one stays so. False for a disabled
 * user: a link never undoes what an administrator decides, even meanwhile.
 */
export const activateInvited = (userId: string, tx: Db): Promise<boolean> =>
  activateUnlessDisabled(userId, tx);

/** The organization that a user's next sign-in opens. Throws for a user of none. */
export async function findHomeOrganization(userId: string): Promise<string> {
  const organizationId = await findOpeningMembership(userId);
  if (organizationId === null) throw new Error("the user is in no organization");
  return organizationId;
}

/** Makes transactions that change how one user signs in wait for each other. */
export const lockUser = (userId: string, tx: Db): Promise<void> => lockUserRow(userId, tx);

/** True when mail has reached the user's address. */
export const hasVerifiedEmail = async (userId: string, db?: Db): Promise<boolean> =>
  ((await findUserById(userId, db))?.emailVerified ?? null) !== null;

/**
 * Ends what was on its way for this user: links, codes, factors that wait for their
 * first code, sign-ins half done and tickets of those just done (ATK-37). For whenever what they rest on changes. What
 * was proven before and is stored only afterwards leads nowhere either (INV-2).
 */
export const voidSignIns = (userId: string, tx: Db): Promise<void> => discardLinks(userId, tx);
