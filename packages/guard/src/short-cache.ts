import { type Clock, isWithin } from "./clock.js";

/**
 * Keeps answers for so many seconds from when they were asked for, at most so many of them; who
 * asks meanwhile waits for the same answer. Failures are not kept.
 */
export function shortCache<T>(now: Clock, seconds: number, entriesMax = 1000) {
  const kept = new Map<string, { at: number; answer: Promise<T> }>();
  return (key: string, ask: () => Promise<T>): Promise<T> => {
    const found = kept.get(key);
    if (found && isWithin(now, found.at, seconds)) return found.answer;
    const answer = ask();
    if (seconds <= 0) return answer;
    // Set anew, so that the first is the oldest.
    kept.delete(key);
    kept.set(key, { at: now(), answer });
    if (kept.size > entriesMax) kept.delete(kept.keys().next().value as string);
    answer.catch(() => {
      if (kept.get(key)?.answer === answer) kept.delete(key);
    });
    return answer;
  };
}
