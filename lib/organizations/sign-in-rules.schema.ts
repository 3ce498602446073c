import { z } from "zod";
import { normaliseRange } from "@/lib/shared/address-range";
import { SESSION_LEVELS } from "@/lib/shared/session-level";

const count = (most: number, what: string) =>
  z.coerce
    .number(`Enter ${what}.`)
    .int("Enter a whole number.")
    .min(0, "Enter 0 or more.")
    .max(most, `Enter at most ${most}.`);

/** An empty field or 0 means that there is no such rule. */
const optionalCount = (most: number, what: string) =>
  z
    .preprocess((value) => (value === "" ? 0 : value), count(most, what))
    .transform((n) => n || null);

/** Kept in its one spelling. Names what it says no to: many are typed at once. */
const AddressRange = z.string().transform((text, context) => {
  const range = normaliseRange(text);
  if (range !== null) return range;
  const message = `“${text.slice(0, 60)}” is no address and no range of addresses.`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

export const RANGES_MAX = 100;

export const SignInRules = z.object({
  mfaRequired: z.boolean(),
  adminMfaRequired: z.boolean(),
  trustedDeviceDays: count(365, "a number of days"),
  smsAllowed: z.boolean(),
  riskChecked: z.boolean(),
  sessionLevel: z
    .preprocess((value) => (value === "" ? null : value), z.enum(SESSION_LEVELS).nullable())
    .default(null),
  sessionHoursMax: optionalCount(8_760, "a number of hours"),
  /** Only who signed in through a connection of the organization's own gets into it. */
  ssoRequired: z.boolean(),
  networks: z
    .array(AddressRange)
    .max(RANGES_MAX, `Enter at most ${RANGES_MAX} ranges.`)
    .transform((ranges) => [...new Set(ranges)]),
  passkeyModels: z.array(z.uuid("An AAGUID has the form of a UUID.")).max(100),
  sessionsMax: optionalCount(100, "a number of sessions"),
  passwordHistory: count(24, "a number of passwords"),
  passwordMaxAgeDays: optionalCount(3_650, "a number of days"),
});

/** What an organization asks of a sign-in. */
export type SignInRules = z.output<typeof SignInRules>;

/** Until an organization says otherwise. Passwords do not expire, as NIST SP 800-63B-4 advises. */
export const DEFAULT_SIGN_IN_RULES: SignInRules = {
  mfaRequired: false,
  adminMfaRequired: false,
  trustedDeviceDays: 30,
  smsAllowed: true,
  riskChecked: true,
  sessionLevel: null,
  sessionHoursMax: null,
  ssoRequired: false,
  networks: [],
  passkeyModels: [],
  sessionsMax: null,
  passwordHistory: 0,
  passwordMaxAgeDays: null,
};
