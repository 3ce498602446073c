import "server-only";

/** Some ligatures unfold to eighteen letters; an index entry has room for 2,700 bytes. */
const LENGTH_MAX = 200;

/**
 * The text that two spellings of one name have in common: no case, no accents,
 * no width. Search and order use it, so that "muller" finds "Müller" and
 * "adidas" does not stand behind "Zeiss".
 */
export function customerKey(customer: string): string {
  const key = customer
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/\s+/g, " ")
    .trim();
  // By code points: half a surrogate pair is no text to PostgreSQL.
  return Array.from(key).slice(0, LENGTH_MAX).join("");
}
