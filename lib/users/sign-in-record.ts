import "server-only";
import type { UserStatus } from "@/generated/prisma/client";
import type { Db } from "@/lib/platform/db/client";
import {
  findEpoch,
  findOpeningMembership,
  findUserByEmail,
  findUserById,
  holdEpoch,
} from "@/lib/users/user-store";

/**
 * The user that an address names, for the sign-in flow only. What is verified after
 * this leads to a session only while the epoch is still this one (INV-2).
 */
export async function findSignInUser(
  email: string,
): Promise<{ id: string; status: UserStatus; epoch: number } | null> {
  const user = await findUserByEmail(email);
  return user && { id: user.id, status: user.status, epoch: user.signInEpoch };
}

/** The epoch of a user's sign-ins, to be read before what is verified; null for nobody. */
export const findSignInEpoch = (userId: string, db?: Db): Promise<number | null> =>
  findEpoch(userId, db);

/**
 * True while nothing has voided the user's sign-ins since the epoch was read, and
 * until the end of the transaction: a reset that is under way is waited for, and a
 * later one finds what this transaction leaves (INV-2).
 */
export const holdSignInEpoch = (userId: string, epoch: number, tx: Db): Promise<boolean> =>
  holdEpoch(userId, epoch, tx);

/** Who may be given a session: an active user with an organization to be in. */
export async function findSignInSubject(
  userId: string,
  tx: Db,
): Promise<{ email: string; organizationId: string; lastSignInAt: Date | null } | null> {
  const user = await findUserById(userId, tx);
  if (user?.status !== "active") return null;
  const organizationId = await findOpeningMembership(userId, tx);
  return organizationId === null
    ? null
    : { email: user.email, organizationId, lastSignInAt: user.lastSignInAt };
}
