import "server-only";

/** Segments of a pattern; {@link splitPattern} makes them. */
export type Pattern = readonly string[];

/** A slash at the end says nothing: some servers answer either alike. */
const segmentsOf = (path: string): string[] => path.split("/").filter((part) => part !== "");

export const splitPattern = (pattern: string): Pattern => segmentsOf(pattern);

/** Whether a pattern stands for a path, which has no empty segments. */
export function matchesPattern(pattern: Pattern, path: string): boolean {
  const segments = segmentsOf(path);
  const isOpen = pattern.at(-1) === "**";
  const fixed = isOpen ? pattern.slice(0, -1) : pattern;
  if (isOpen ? segments.length < fixed.length : segments.length !== fixed.length) return false;
  return fixed.every((part, at) => part === "*" || part === segments[at]);
}

const rank = (part: string | undefined): number => {
  // A pattern that ends here says more than one that goes on.
  if (part === undefined) return 3;
  return part === "**" ? 0 : part === "*" ? 1 : 2;
};

/**
 * Which of two patterns that stand for one path says more: at the first segment in which they differ,
 * a literal before `*` before `**`. Zero only for patterns that are equal.
 */
export function compareSpecificity(one: Pattern, other: Pattern): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = rank(other[at]) - rank(one[at]);
    if (difference !== 0) return difference;
  }
  return 0;
}
