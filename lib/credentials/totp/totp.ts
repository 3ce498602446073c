import "server-only";
import "#node-only";
import { randomBytes } from "node:crypto";
import { Secret, TOTP } from "otpauth";

/** RFC 6238 with what every authenticator app understands. */
const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** RFC 6238 §5.2: one step either way for clocks that differ. */
const WINDOW_STEPS = 1;
/** RFC 4226 §4 R6: 160 bits. */
const SECRET_BYTES = 20;

export const newTotpSecret = (): Uint8Array<ArrayBuffer> =>
  new Uint8Array(randomBytes(SECRET_BYTES));

const totpOf = (secret: Uint8Array<ArrayBuffer>, label = "", issuer = ""): TOTP =>
  new TOTP({
    issuer,
    label,
    algorithm: "SHA1",
    digits: DIGITS,
    period: PERIOD_SECONDS,
    secret: new Secret({ buffer: secret.buffer }),
  });

/** What an authenticator app is told: as an address for a picture, and as text to type. */
export function totpEnrolment(
  secret: Uint8Array<ArrayBuffer>,
  label: string,
  issuer: string,
): { uri: string; text: string } {
  const totp = totpOf(secret, label, issuer);
  return { uri: totp.toString(), text: totp.secret.base32.replace(/(.{4})(?=.)/g, "$1 ") };
}

/** The time step of which this is the code, about `now`; null for no such step. */
export function totpStepOf(
  secret: Uint8Array<ArrayBuffer>,
  code: string,
  now: Date,
): number | null {
  const digits = code.replace(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return null;
  const totp = totpOf(secret);
  const timestamp = now.getTime();
  const delta = totp.validate({ token: digits, timestamp, window: WINDOW_STEPS });
  return delta === null ? null : totp.counter({ timestamp }) + delta;
}
