import type { Clock } from "./clock.js";
import { unavailable } from "./failures.js";

/** Remembers proofs of possession. One that several processes share stops replays between them. */
export interface ReplayStore {
  /** Whether this id comes for the first time within so many seconds; from now on it does not. */
  use(id: string, lifetimeSeconds: number): boolean | Promise<boolean>;
}

/**
 * In the memory of this process. When it is full, further proofs are refused as `unavailable`: an
 * older one is not forgotten for a newer one.
 */
export function replayMemory(now: Clock = Date.now, entriesMax = 100_000): ReplayStore {
  const seen = new Map<string, number>();
  return {
    use(id, lifetimeSeconds) {
      const at = now();
      // In the order in which they came, and all are kept equally long.
      for (const [old, until] of seen) {
        if (until >= at) break;
        seen.delete(old);
      }
      if (seen.has(id)) return false;
      if (seen.size >= entriesMax) throw unavailable("too many proofs");
      seen.set(id, at + lifetimeSeconds * 1000);
      return true;
    },
  };
}
