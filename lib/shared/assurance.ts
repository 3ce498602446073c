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

/**
 * The answer 403 where nobody is there who could prove more: `person` for what takes somebody
 * who has just proven who they are, `second-factor` for a token that was made without one, `user`
 * for what is about a user and asked by a service account.
 */
export class TokenInsufficient extends Error {
  constructor(readonly wants: "person" | "second-factor" | "user") {
    super(`a token is not enough: it takes a ${wants}`);
    this.name = "TokenInsufficient";
  }
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
  if (principal.means !== "session") throw new TokenInsufficient("person");
  const { session, secondFactorEnrolled } = principal;
  const isRaised = secondFactorEnrolled && requirement.acr !== AAL3;
  const wanted = isRaised ? ({ ...requirement, acr: AAL2 } as const) : requirement;
  if (!isAssured(session, wanted, now)) throw new AssuranceInsufficient(wanted);
}

/**
 * Throws {@link TokenInsufficient} for a token that somebody let an app or a program of theirs have: for
 * what gives others a way in that outlives it. A service account has its own roles for that.
 */
export function requireOwnHand({ means }: Principal): void {
  if (means === "app" || means === "personal-token") throw new TokenInsufficient("person");
}

/** Throws what asks for a second factor, of whoever acts in whatever way. */
export function demandSecondFactor(principal: Principal): never {
  if (isPerson(principal)) throw new AssuranceInsufficient({ acr: AAL2 });
  throw new TokenInsufficient("second-factor");
}

/** What keeps somebody signed in from going on: something to prove, or a password to change. */
export type Hold = "idle" | "second-factor" | "password";

export function holdOf(principal: Principal): Hold | null {
  if (principal.session.idleBeyondSeconds !== null) return "idle";
  if (!meetsMfaPolicy(principal)) return "second-factor";
  return principal.passwordExpired ? "password" : null;
}

/** Where an organization or a role asks for a second factor: proven, or spared on this device. */
const meetsMfaPolicy = ({ mfaRequired, session }: Principal): boolean =>
  !mfaRequired || session.deviceTrusted || isAtLeast(session.acr, AAL2);
