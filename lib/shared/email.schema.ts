import { z } from "zod";

/** RFC 5321 §4.5.3.1: 64 octets before the at sign, 254 in all. */
const LOCAL_LENGTH_MAX = 64;
const ADDRESS_LENGTH_MAX = 254;

// The unquoted form of RFC 5322 §3.4.1 in ASCII. Quoted local parts, comments,
// lists and look-alike letters have each sent mail to somebody else (ATK-10,
// ATK-64), so what is not in this set is refused instead of normalised.
const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** The one form in which addresses are stored and compared; null for what is no address. */
export function canonicalEmail(text: string): string | null {
  const address = text.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const at = address.lastIndexOf("@");
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const acceptable =
    at > 0 &&
    address.length <= ADDRESS_LENGTH_MAX &&
    local.length <= LOCAL_LENGTH_MAX &&
    LOCAL.test(local) &&
    (DOMAIN.test(domain) || domain === "localhost");
  return acceptable ? address : null;
}

const NO_ADDRESS = "Enter an email address such as name@example.com, without quotes or accents.";

/** Parses to the canonical form. */
export const Email = z
  .string()
  .max(320, NO_ADDRESS)
  .transform((text, context) => {
    const canonical = canonicalEmail(text);
    if (canonical !== null) return canonical;
    context.addIssue({ code: "custom", message: NO_ADDRESS });
    return z.NEVER;
  });

/** A person's name as they write it: one line, no control characters. */
export const PersonName = z
  .string()
  .trim()
  .min(1, "Enter a name.")
  .max(100, "Use at most 100 characters.")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");
