import {
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import type { Clock } from "./clock.js";
import { type RefusalCode, Refused } from "./failures.js";

/** Public-key signatures alone: a shared secret would make forgers of all who verify (RFC 8725 §3.1). */
export const ALGORITHMS = ["ES256", "EdDSA", "Ed25519", "PS256", "RS256"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** How verification goes, whatever is verified. */
export interface Rules {
  now: Clock;
  algorithms: readonly Algorithm[];
  /** By how much clocks may differ. */
  toleranceSeconds: number;
}

/**
 * The claims of a JWT whose signature, `typ`, times and required claims are right, and with them
 * what else the options ask for. Throws {@link Refused} for every other one.
 */
export async function verifySigned(
  jwt: string,
  key: JWTVerifyGetKey,
  rules: Rules,
  options: JWTVerifyOptions & { typ: string; requiredClaims: string[] },
  code: RefusalCode = "invalid_token",
): Promise<JWTPayload> {
  const at = rules.now();
  let payload: JWTPayload;
  try {
    ({ payload } = await jwtVerify(jwt, key, {
      ...options,
      algorithms: [...rules.algorithms],
      clockTolerance: rules.toleranceSeconds,
      currentDate: new Date(at),
    }));
  } catch (error) {
    if (error instanceof Refused) throw error;
    // A key that a token or proof brings along can be unusable in ways that only Web Crypto knows.
    throw new Refused(code, error instanceof errors.JOSEError ? error.message : "an unusable key");
  }
  if (payload.iat !== undefined && payload.iat > at / 1000 + rules.toleranceSeconds) {
    throw new Refused(code, "it is of a time to come");
  }
  return payload;
}
