import "server-only";
import { dictionary } from "@zxcvbn-ts/language-common";
import { processSingleton } from "@/lib/platform/process-singleton";
import { isPersonal, passwordVariants } from "@/lib/shared/personal-password";

export type PasswordRefusal = "common" | "personal";

const commonPasswords = () =>
  processSingleton(
    "common-passwords",
    () => new Set<string>((dictionary as { "passwords-common": string[] })["passwords-common"]),
  );

/**
 * Says why a new password is refused, or null when it may be used. The rules
 * are those of NIST SP 800-63B-4 §3.1.1.2: the whole password against a list of
 * common ones and words of its context, no composition rules. Works offline.
 */
export function judgePassword(password: string, contextWords: string[]): PasswordRefusal | null {
  const lowerCase = password.normalize("NFC").toLowerCase();
  const variants = passwordVariants(password);
  if (variants.some((variant) => commonPasswords().has(variant)) || isMonotone(lowerCase)) {
    return "common";
  }
  return isPersonal(password, contextWords) ? "personal" : null;
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
