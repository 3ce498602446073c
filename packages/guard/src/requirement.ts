import type { Clock } from "./clock.js";
import type { Question } from "./decisions.js";
import { Refused } from "./failures.js";
import type { Identity } from "./identity.js";

/** What a route asks for beyond knowing who it is; all of it has to be met. */
export interface Requirement {
  /** Every one of them. */
  scopes?: readonly string[];
  /** What the gateway must have checked. A token names none, and is refused. */
  permission?: string;
  /** The least class of sign-in (RFC 9470): `urn:gatehouse:aal1` to `aal3`, or exactly another one. */
  acr?: string;
  /** The longest time in seconds since the person proved who they are. */
  maxAgeSeconds?: number;
  /** What Gatehouse must allow (AuthZEN 1.0). */
  decision?: Question | ((identity: Identity) => Question | Promise<Question>);
}

/** The classes of Gatehouse, each worth more than those before it. */
const CLASSES = ["urn:gatehouse:aal1", "urn:gatehouse:aal2", "urn:gatehouse:aal3"];

function isAtLeast(acr: string | undefined, least: string): boolean {
  if (acr === undefined) return false;
  const wanted = CLASSES.indexOf(least);
  return acr === least || (wanted !== -1 && CLASSES.indexOf(acr) > wanted);
}

/** Throws {@link Refused} for what the identity itself does not meet. */
export function checkRequirement(
  { scopes, permission, acr, authTime }: Identity,
  wanted: Requirement,
  now: Clock,
  toleranceSeconds: number,
): void {
  if (wanted.scopes?.every((scope) => scopes.has(scope)) === false) {
    throw new Refused("insufficient_scope", "a scope is missing", {
      scope: wanted.scopes.join(" "),
    });
  }
  if (wanted.permission !== undefined && wanted.permission !== permission) {
    throw new Refused("access_denied", "the gateway has checked something else");
  }
  const { acr: least, maxAgeSeconds } = wanted;
  const age = now() / 1000 - (authTime ?? Number.NaN);
  const isRecent = age >= -toleranceSeconds && age <= (maxAgeSeconds ?? 0);
  if (
    (least !== undefined && !isAtLeast(acr, least)) ||
    (maxAgeSeconds !== undefined && !isRecent)
  ) {
    throw new Refused("insufficient_user_authentication", "a weaker or older sign-in", {
      acrValues: least,
      maxAgeSeconds,
    });
  }
}
