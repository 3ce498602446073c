import "server-only";
import type { Limit } from "@/lib/platform/rate-limit/limiter";
import { days, hours, minutes, seconds } from "@/lib/shared/duration";

/** Failed attempts from one address, whatever accounts they name. */
export const SOURCE_ATTEMPTS: Limit = {
  name: "sign-in-source",
  pointsMax: 100,
  windowSeconds: minutes(10),
};

/** Wrong passwords for one account from browsers that never signed it in. */
export const STRANGER_FAILURES: Limit = {
  name: "sign-in-stranger",
  pointsMax: 5,
  windowSeconds: days(1),
};

/**
 * A browser that has signed this account in has a budget of its own, which a
 * stranger's guesses do not touch: the lock is no weapon (F118, ATK-35).
 */
export const DEVICE_FAILURES: Limit = {
  name: "sign-in-device",
  pointsMax: 10,
  windowSeconds: minutes(15),
};

/**
 * How often the account was locked; the lock doubles each time (NIST-8). Kept
 * for long, because whoever guesses for days would else begin anew every day.
 */
export const LOCKS: Limit = {
  name: "sign-in-locks",
  pointsMax: 1_000,
  windowSeconds: days(30),
};

/** Attempts on locked accounts, from one network, that are put on record. */
export const LOCKED_ATTEMPTS: Limit = {
  name: "sign-in-locked",
  pointsMax: 60,
  windowSeconds: hours(1),
};

/** Wrong answers to a second factor of one user, or on one device of theirs (F23, ATK-35). */
export const SECOND_FACTOR_FAILURES: Limit = {
  name: "second-factor",
  pointsMax: 5,
  windowSeconds: minutes(15),
};

/** Sets of recovery codes of one user: each costs ten hashes. */
export const RECOVERY_CODE_SETS: Limit = {
  name: "recovery-code-sets",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** Sign-ins that one network may begin, each of which is a row. */
export const FLOWS_PER_SOURCE: Limit = {
  name: "sign-in-flows",
  pointsMax: 120,
  windowSeconds: minutes(10),
};

/** How often a user's second factors were locked; the lock doubles each time. */
export const SECOND_FACTOR_LOCKS: Limit = {
  name: "second-factor-locks",
  pointsMax: 1_000,
  windowSeconds: days(30),
};

const FIRST_LOCK_SECONDS = seconds(30);
const LONGEST_LOCK_SECONDS = hours(1);

/** 30 seconds, doubling to one hour, with one guess after each: about 100 in the first four days. */
export const lockSeconds = (locksBefore: number): number =>
  Math.min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** Math.min(locksBefore, 20));

/** Mails that one address may be sent on request, so that nobody can be bombed (F120). */
export const MAILS_PER_RECIPIENT: Limit = {
  name: "mail-recipient",
  pointsMax: 5,
  windowSeconds: hours(1),
};

/** Sign-ups and reset requests from one source. */
export const REQUESTS_PER_SOURCE: Limit = {
  name: "account-request-source",
  pointsMax: 30,
  windowSeconds: hours(1),
};
