import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

/** Authentication context classes, by the levels of NIST SP 800-63B-4. */
export const AAL1 = "urn:gatehouse:aal1";
export const AAL2 = "urn:gatehouse:aal2";
/** A passkey that verified its user and cannot leave its device (NIST SP 800-63B-4 §2.3). */
export const AAL3 = "urn:gatehouse:aal3";

export type Acr = typeof AAL1 | typeof AAL2 | typeof AAL3;

/** What a page, action or endpoint asks of the session beyond being signed in. */
export interface AssuranceRequirement {
  /** The least class; left out, any. */
  acr?: Acr;
  /** The longest time in seconds since the user last proved who they are; left out, any. */
  maxAge?: number;
}

export interface Assurance {
  acr: string;
  authTime: Date;
}

const RANKS: Record<string, number> = { [AAL1]: 1, [AAL2]: 2, [AAL3]: 3 };

/** A class that we do not know is worth nothing. */
const rank = (acr: string): number => (Object.hasOwn(RANKS, acr) ? (RANKS[acr] ?? 0) : 0);

export const isAtLeast = (acr: string, least: Acr): boolean => rank(acr) >= rank(least);

/** The higher of two classes. */
export const higherAcr = (one: string, other: string): string =>
  rank(one) >= rank(other) ? one : other;

/** True when the session proves what is asked. A time to come counts as no proof. */
export function isAssured(
  { acr, authTime }: Assurance,
  { acr: least, maxAge }: AssuranceRequirement,
  now: Date,
): boolean {
  if (least !== undefined && !isAtLeast(acr, least)) return false;
  if (maxAge === undefined) return true;
  const ageSeconds = (now.getTime() - authTime.getTime()) / 1000;
  // The database's clock may be a little ahead of ours.
  return ageSeconds >= -60 && ageSeconds < maxAge;
}

/**
 * What an email address, a password, a factor, a role, a key and a deletion
 * need: somebody who proved who they are a short while ago (F22).
 */
export const SENSITIVE: AssuranceRequirement = { maxAge: minutes(10) };

/** The answer 401 `insufficient_user_authentication` (RFC 9470 §3): prove again who you are. */
export class AssuranceInsufficient extends Error {
  constructor(readonly requirement: AssuranceRequirement) {
    super("the session does not prove enough");
    this.name = "AssuranceInsufficient";
  }
}

type Means = Principal["means"];

/** By which means each can be asked for, for {@link TokenInsufficient}. */
const SESSION_ONLY: readonly Means[] = ["session"];
const OWN_HAND: readonly Means[] = ["session", "service"];
const ANY_USER: readonly Means[] = ["session", "app", "personal-token"];

/**
 * The answer 403 where nobody is there who could prove more: `person` for what takes somebody
 * who has just proven who they are, `second-factor` for a token that was made without one, `user`
 * for what is about a user and asked by a service account. `goodBy` are the means that it takes;
 * for a second factor any, once it is proven.
 */
export class TokenInsufficient extends Error {
  constructor(
    readonly wants: "person" | "second-factor" | "user",
    readonly goodBy: readonly Means[],
  ) {
    super(`a token is not enough: it takes a ${wants}`);
    this.name = "TokenInsufficient";
  }
}

/** Throws {@link TokenInsufficient} for a service account: for what is about the user who asks. */
export function requireUser({ means }: Principal): void {
  if (!ANY_USER.includes(means)) throw new TokenInsufficient("user", ANY_USER);
}

/** True where a person is behind the request, who can be asked to prove more. */
export const isPerson = ({ means }: Principal): boolean => means === "session" || means === "app";

/**
 * Returns when the caller's session proves what is asked, and throws
 * {@link AssuranceInsufficient} otherwise, or {@link TokenInsufficient} where nobody is there, or
 * an app is between: whoever proved who they are in order to sign in to it meant nothing else by
 * that, and what it did would outlive its own end.
 * Whoever has a second factor must have
 * proven it as well: a stolen password is not enough for anything that matters
 * (ATK-33).
 */
export function requireAssurance(
  principal: Principal,
  requirement: AssuranceRequirement,
  now: Date = new Date(),
): void {
  if (!SESSION_ONLY.includes(principal.means)) throw new TokenInsufficient("person", SESSION_ONLY);
  const { session, secondFactorEnrolled } = principal;
  const isRaised = secondFactorEnrolled && requirement.acr !== AAL3;
  const wanted = isRaised ? ({ ...requirement, acr: AAL2 } as const) : requirement;
  // Whoever acts as somebody else proves nothing in their name (F101).
  if (principal.act !== undefined || !isAssured(session, wanted, now))
    throw new AssuranceInsufficient(wanted);
}

/**
 * Throws {@link TokenInsufficient} for a token that somebody let an app or a program of theirs have: for
 * what gives others a way in that outlives it. A service account has its own roles for that.
 */
export function requireOwnHand({ means }: Principal): void {
  if (!OWN_HAND.includes(means)) throw new TokenInsufficient("person", OWN_HAND);
}

/** Throws what asks for a second factor, of whoever acts in whatever way. */
export function demandSecondFactor(principal: Principal): never {
  if (isPerson(principal)) throw new AssuranceInsufficient({ acr: AAL2 });
  throw new TokenInsufficient("second-factor", []);
}

/** What rules of an organization keep somebody from: another way in, something to prove, or a password to change. */
export type RuleHold = "single-sign-on" | "idle" | "second-factor" | "password";

/** What keeps somebody signed in from going on: those, an account that is to be erased, or terms to accept. */
export type Hold = RuleHold | "deletion" | "terms";

/** What of somebody signed in decides what rules ask of them. */
export type Held = Pick<Principal, "singleSignOnMissing" | "mfaRequired" | "passwordExpired"> & {
  session: Pick<Principal["session"], "acr" | "deviceTrusted" | "idleBeyondSeconds">;
};

export function ruleHoldOf(principal: Held): RuleHold | null {
  // First: nothing that is proven to a session of another kind helps.
  if (principal.singleSignOnMissing) return "single-sign-on";
  if (principal.session.idleBeyondSeconds !== null) return "idle";
  if (!meetsMfaPolicy(principal)) return "second-factor";
  return principal.passwordExpired ? "password" : null;
}

/** Rules first: who has not proven enough decides nothing about the account and accepts nothing. */
export function holdOf(
  principal: Held & Pick<Principal, "deletionDueAt" | "termsPending">,
): Hold | null {
  const hold = ruleHoldOf(principal);
  if (hold !== null) return hold;
  if (principal.deletionDueAt !== null) return "deletion";
  return principal.termsPending ? "terms" : null;
}

/** Whether the hold is one of those that a page or action frees somebody from. */
export const isFreedBy = (hold: Hold, during: Hold | readonly Hold[] | undefined): boolean =>
  [during].flat().includes(hold);

/** Where an organization or a role asks for a second factor: proven, or spared on this device. */
const meetsMfaPolicy = ({ mfaRequired, session }: Held): boolean =>
  !mfaRequired || session.deviceTrusted || isAtLeast(session.acr, AAL2);
