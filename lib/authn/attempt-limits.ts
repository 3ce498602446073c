import "server-only";
import type { Limit, RequestRate } from "@/lib/platform/rate-limit/limiter";
import { days, hours, minutes, seconds } from "@/lib/shared/duration";

/** Failed attempts from one address, whatever accounts they name. */
export const SOURCE_ATTEMPTS: Limit = {
  name: "sign-in-source",
  pointsMax: 100,
  windowSeconds: minutes(10),
};

/** Failures that lead to a lock, and how it grows. */
export interface GuessBudget {
  failures: Limit;
  /** Locks are remembered for long: whoever guesses for days would else begin anew every day. */
  locks: Limit;
  lockSeconds: (locksBefore: number) => number;
}

const FIRST_LOCK_SECONDS = seconds(30);
const LONGEST_LOCK_SECONDS = hours(1);

/** 30 seconds, doubling to one hour, with one guess after each: about 100 in the first four days (NIST-8). */
const doubling = (locksBefore: number): number =>
  Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** Math.min(locksBefore, 20));

const locksOf = (name: string): Limit => ({ name, pointsMax: 1_000, windowSeconds: days(30) });

/** Wrong passwords and codes for one account from browsers that never signed it in. */
export const STRANGER_BUDGET: GuessBudget = {
  failures: { name: "sign-in-stranger", pointsMax: 5, windowSeconds: days(1) },
  locks: locksOf("sign-in-locks"),
  lockSeconds: doubling,
};

/**
 * A browser that has signed this account in has a budget of its own, which a
 * stranger's guesses do not touch: the lock is no weapon (F118, ATK-35).
 */
export const DEVICE_BUDGET: GuessBudget = {
  failures: { name: "sign-in-device", pointsMax: 10, windowSeconds: minutes(15) },
  locks: locksOf("sign-in-device-locks"),
  lockSeconds: doubling,
};

/** Wrong answers to a second factor of one user, or on one device of theirs (F23, ATK-35). */
export const SECOND_FACTOR_BUDGET: GuessBudget = {
  failures: { name: "second-factor", pointsMax: 5, windowSeconds: minutes(15) },
  locks: locksOf("second-factor-locks"),
  lockSeconds: doubling,
};

/**
 * The same as {@link ACCOUNT_BUDGET} for what comes after a passed first factor, which
 * strangers never reach: they fill that one, and must not close this (ATK-35).
 */
export const SECOND_FACTORS_BUDGET: GuessBudget = {
  failures: { name: "second-factors-all", pointsMax: 100, windowSeconds: days(30) },
  locks: locksOf("second-factors-all-locks"),
  lockSeconds: () => days(1),
};

/**
 * Failures in a row for one account, whatever was guessed, wherever and by whom
 * (ATK-34, NIST-8). Whoever waits for all the other locks reaches it within days,
 * and has one guess a day from then on; a whole sign-in of its owner ends it.
 */
export const ACCOUNT_BUDGET: GuessBudget = {
  failures: { name: "sign-in-account", pointsMax: 100, windowSeconds: days(30) },
  locks: locksOf("sign-in-account-locks"),
  lockSeconds: () => days(1),
};

/** Attempts on locked accounts, from one network, that are put on record. */
export const LOCKED_ATTEMPTS: Limit = {
  name: "sign-in-locked",
  pointsMax: 60,
  windowSeconds: hours(1),
};

/** Sets of recovery codes of one user: each costs ten hashes. */
export const RECOVERY_CODE_SETS: Limit = {
  name: "recovery-code-sets",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** Sign-ins that one network may begin, each of which is a row. */
export const FLOWS_PER_SOURCE: RequestRate = {
  name: "sign-in-flows",
  pointsMax: 120,
  windowSeconds: minutes(10),
  counts: "requests",
};

/** Mails that anybody may have sent to one address, so that nobody can be bombed (F120). */
export const MAILS_PER_RECIPIENT: Limit = {
  name: "mail-recipient",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** The same for those who bomb with patience. */
export const MAILS_PER_RECIPIENT_A_DAY: Limit = {
  name: "mail-recipient-day",
  pointsMax: 20,
  windowSeconds: days(1),
};

/** Mails to an owner who has shown to be one: what strangers use up does not keep theirs away. */
export const MAILS_PER_OWNER: Limit = {
  name: "mail-owner",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** Invitations that one organization may have mailed, to whatever addresses. */
export const INVITATIONS_PER_ORGANIZATION: Limit = {
  name: "organization-invitations",
  pointsMax: 200,
  windowSeconds: days(1),
};

/** Changes of address that one user may ask for: each mails two mailboxes. */
export const EMAIL_CHANGES: Limit = {
  name: "email-changes",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** Logout tokens from one network, each of which costs a signature. */
export const BACK_CHANNEL_REQUESTS: RequestRate = {
  name: "back-channel-logout",
  pointsMax: 600,
  windowSeconds: minutes(1),
  counts: "requests",
};

/** Sign-ups, reset requests and changes of address from one source. */
export const REQUESTS_PER_SOURCE: Limit = {
  name: "account-request-source",
  pointsMax: 30,
  windowSeconds: hours(1),
};
