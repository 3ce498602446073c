import "server-only";
import { dictionary } from "@zxcvbn-ts/language-common";
import { processSingleton } from "@/lib/platform/process-singleton";

export type PasswordRefusal = "common" | "personal";

/** Context words shorter than this occur in good passwords by chance. */
const CONTEXT_LENGTH_MIN = 4;

const LEET: Record<string, string> = {
  "0": "o",
  "1": "l",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "@": "a",
  $: "s",
  "!": "i",
};

const commonPasswords = () =>
  processSingleton(
    "common-passwords",
    () => new Set<string>((dictionary as { "passwords-common": string[] })["passwords-common"]),
  );

/** Without whatever stands before the first letter and after the last. */
function lettersOut(lowerCase: string): string {
  const letters = [...lowerCase.matchAll(/[a-z]/g)];
  return lowerCase.slice(letters[0]?.index ?? lowerCase.length, (letters.at(-1)?.index ?? -1) + 1);
}

/** What is left when the usual decorations of a weak password are taken off. */
function undecorated(lowerCase: string): string[] {
  const plain = lowerCase.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);
  return [lowerCase, lettersOut(lowerCase), plain, lettersOut(plain)];
}

/**
 * Says why a new password is refused, or null when it may be used. The rules
 * are those of NIST SP 800-63B-4 §3.1.1.2: the whole password against a list of
 * common ones and words of its context, no composition rules. Works offline.
 */
export function judgePassword(password: string, contextWords: string[]): PasswordRefusal | null {
  const lowerCase = password.normalize("NFC").toLowerCase();
  const variants = undecorated(lowerCase);
  if (variants.some((variant) => commonPasswords().has(variant)) || isMonotone(lowerCase)) {
    return "common";
  }
  const words = contextWords
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= CONTEXT_LENGTH_MIN);
  // A context word may be part of a passphrase; it may not be most of it.
  const personal = words.some((word) =>
    variants.some((variant) => variant.includes(word) && variant.length - word.length < 6),
  );
  return personal ? "personal" : null;
}

/** One repeated or counted-up character: "aaaaaaaa", "12345678", "hgfedcba". */
function isMonotone(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const step = (codes[1] ?? 0) - (codes[0] ?? 0);
  return (
    Math.abs(step) <= 1 &&
    codes.every((code, index) => index === 0 || code - (codes[index - 1] ?? 0) === step)
  );
}
