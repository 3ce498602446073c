import { z } from "zod";

/** NIST SP 800-63B-4 §3.1.1.2: at least 8 characters, one code point counting once. */
export const PASSWORD_LENGTH_MIN = 8;
/** Enough for every passphrase; a cap keeps hashing from becoming a lever (ATK-59). */
export const PASSWORD_LENGTH_MAX = 256;

/** One code point counts as one character (NIST-2). */
export const passwordLength = (password: string): number => Array.from(password).length;

/** A password that somebody chooses. The common and the personal ones are refused later. */
export const NewPassword = z
  .string()
  .max(PASSWORD_LENGTH_MAX * 4, `Use at most ${PASSWORD_LENGTH_MAX} characters.`)
  .refine((text) => text.isWellFormed(), "Use valid text.")
  .refine(
    (text) => passwordLength(text) >= PASSWORD_LENGTH_MIN,
    `Use at least ${PASSWORD_LENGTH_MIN} characters. A few words are easy to remember.`,
  )
  .refine(
    (text) => passwordLength(text) <= PASSWORD_LENGTH_MAX,
    `Use at most ${PASSWORD_LENGTH_MAX} characters.`,
  );

/** A password given to sign in: its rules were judged when it was chosen. */
export const GivenPassword = z
  .string()
  .min(1, "Enter your password.")
  .max(PASSWORD_LENGTH_MAX * 4, "That password is too long.")
  .refine((text) => text.isWellFormed(), "Use valid text.");
