import "server-only";

/** Nobody waits longer for a statement that is under way: that one may never be answered. */
const GATHERING_MAX_MS = 5;

/**
 * When a statement is sent for all who have gathered for it: at the end of the turn of the event loop,
 * or, while another is under way, when that one is answered, in 5 ms at most. It costs nearly the same
 * for one and for thirty, and without this thirty requests soon send theirs one by one.
 */
export class Departures {
  #underWay = 0;
  #next: (() => void) | null = null;

  readonly schedule = (depart: () => void): void => {
    if (this.#underWay === 0) {
      setImmediate(depart);
      return;
    }
    const once = () => {
      clearTimeout(timer);
      this.#next = null;
      depart();
    };
    const timer = setTimeout(once, GATHERING_MAX_MS);
    this.#next = once;
  };

  async during<T>(statement: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await statement;
    } finally {
      this.#underWay -= 1;
      this.#next?.();
    }
  }
}
