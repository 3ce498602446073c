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

/** Without whatever stands before the first letter and after the last. */
function lettersOut(lowerCase: string): string {
  const letters = [...lowerCase.matchAll(/[a-z]/g)];
  return lowerCase.slice(letters[0]?.index ?? lowerCase.length, (letters.at(-1)?.index ?? -1) + 1);
}

/** What is left of a password when the usual decorations of a weak one are taken off. */
export function passwordVariants(password: string): string[] {
  const lowerCase = password.normalize("NFC").toLowerCase();
  const plain = lowerCase.replace(/[013457@$!]/g, (sign) => LEET[sign] ?? sign);
  return [lowerCase, lettersOut(lowerCase), plain, lettersOut(plain)];
}

/**
 * Whether a password mostly consists of its owner's name or address, or of another word of its
 * context (NIST SP 800-63B-4 §3.1.1.2). The server decides by it, and the browser says it early.
 */
export function isPersonal(password: string, contextWords: readonly string[]): boolean {
  const variants = passwordVariants(password);
  const words = contextWords
    .flatMap((word) => [word, ...word.split(/[^\p{L}\p{N}]+/u)])
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= CONTEXT_LENGTH_MIN);
  // A context word may be part of a passphrase; it may not be most of it.
  return words.some((word) =>
    variants.some((variant) => variant.includes(word) && variant.length - word.length < 6),
  );
}
