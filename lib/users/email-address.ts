import "server-only";
import type { Clash } from "@/lib/authz/duty-clashes";
import { holdGrants, watchDuties, watchViolations } from "@/lib/authz/duty-guard";
import type { Db } from "@/lib/platform/db/client";
import { lockUser } from "@/lib/users/user-identity";
import {
  addressIsFree,
  discardAlerts,
  endPendingEmailChange,
  holdAddress,
  listTakenEmails,
  moveUserAddress,
  updateUser,
} from "@/lib/users/user-store";

/**
 * True when nobody has the address, and nobody but this user may yet take it
 * back after a change. Holds until the end of the transaction.
 */
export const isAddressFree = (email: string, forUserId: string, tx: Db): Promise<boolean> =>
  addressIsFree(email, forUserId, tx);

/** Before an address is moved: changes of who may do what, which take the two in this order, wait. */
export async function lockForMove(userId: string, tx: Db): Promise<void> {
  await holdGrants(tx);
  await lockUser(userId, tx);
}
/** Which of these addresses somebody has. Whoever writes asks again, each in its transaction. */
export const listTakenAddresses = async (emails: string[]): Promise<Set<string>> =>
  new Set(await listTakenEmails(emails));

/**
 * Gives an active user another, verified address. `address-taken`: they no longer have the former one,
 * or the other is not free. `duty-conflict`: whoever has an address there is allowed what nobody may
 * hold together with what they hold (F98). After {@link lockForMove}.
 */
export async function moveAddress(
  userId: string,
  from: string,
  to: string,
  tx: Db,
): Promise<"moved" | "address-taken" | "duty-conflict"> {
  const newClashes = await watchDuties(null, tx);
  const isFree = await addressIsFree(to, userId, tx);
  if (!isFree || !(await moveUserAddress(userId, from, to, tx))) return "address-taken";
  return (await newClashes()) === null ? "moved" : "duty-conflict";
}

/** Both sides of a conflict of duties that somebody has come to hold, and where. */
export type Violation = Pick<Clash, "conflictId" | "organizationId">;

/**
 * Gives a user an address back that has been kept for them, whatever they come to hold by it: returns what
 * nobody may hold together (F98), for whoever is to be told. After {@link lockForMove}.
 */
export async function restoreAddress(userId: string, email: string, tx: Db): Promise<Violation[]> {
  const violations = await watchViolations(tx);
  await updateUser(userId, { email, emailVerified: new Date() }, tx);
  await discardAlerts(userId, tx);
  return violations();
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
