/** Milliseconds since 1970, as `Date.now` has them. */
export type Clock = () => number;

/** Whether that is at most so long ago. A moment to come is not: the clock has been put back. */
export function isWithin(now: Clock, since: number, seconds: number): boolean {
  const elapsed = now() - since;
  return elapsed >= 0 && elapsed <= seconds * 1000;
}
