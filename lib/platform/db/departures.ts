import "server-only";
import { keepTrace } from "@/lib/platform/tracing/spans";

/** Nobody waits longer for a statement that is under way: that one may never be answered. */
const GATHERING_MAX_MS = 5;

/** As many rows as one statement is about, at most. */
export const TOGETHER_MAX = 100;

/**
 * When a statement is sent for all who have gathered for it: at the end of the turn of the event loop,
 * or, while another is under way, when that one is answered, in 5 ms at most. It costs nearly the same
 * for one and for thirty, and without this thirty requests soon send theirs one by one.
 */
export class Departures {
  #underWay = 0;
  readonly #waiting = new Set<() => void>();

  readonly schedule = (depart: () => void): void => {
    if (this.#underWay === 0) {
      setImmediate(depart);
      return;
    }
    // It is another request's answer that lets them go, and their own trace that they are in.
    const once = keepTrace(() => {
      clearTimeout(timer);
      if (this.#waiting.delete(once)) depart();
    });
    const timer = setTimeout(once, GATHERING_MAX_MS);
    this.#waiting.add(once);
  };

  async during<T>(statement: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await statement;
    } finally {
      this.#underWay -= 1;
      for (const depart of this.#waiting) depart();
    }
  }
}
