import "server-only";
import type { Db } from "@/lib/platform/db/client";
import {
  addressIsFree,
  discardAlerts,
  endPendingEmailChange,
  holdAddress,
  moveUserAddress,
  updateUser,
} from "@/lib/users/user-store";

/**
 * True when nobody has the address, and nobody but this user may yet take it
 * back after a change. Holds until the end of the transaction.
 */
export const isAddressFree = (email: string, forUserId: string, tx: Db): Promise<boolean> =>
  addressIsFree(email, forUserId, tx);

/**
 * Gives an active user another, verified address; false when they no longer
 * have the former one, or the other is not free.
 */
export async function moveAddress(
  userId: string,
  from: string,
  to: string,
  tx: Db,
): Promise<boolean> {
  return (await addressIsFree(to, userId, tx)) && moveUserAddress(userId, from, to, tx);
}

/** Gives a user an address back that has been kept for them. */
export async function restoreAddress(userId: string, email: string, tx: Db): Promise<void> {
  await updateUser(userId, { email, emailVerified: new Date() }, tx);
  await discardAlerts(userId, tx);
}

/**
 * Whether a mail to this address still reaches the user. Asked in the transaction
 * that writes what the mail is good for: a change of address waits for it, and
 * voids it, or has been, and then nothing goes to the former one (ATK-37).
 */
export const hasAddress = (userId: string, email: string, tx: Db): Promise<boolean> =>
  holdAddress(userId, email, tx);

/** Ends a change of address that waits for its confirmations; false when there is none. */
export const endEmailChange = (userId: string, tx: Db): Promise<boolean> =>
  endPendingEmailChange(userId, tx);
