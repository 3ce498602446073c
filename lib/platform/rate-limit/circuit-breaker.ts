import "server-only";

/** So many failures one after the other are no accident. */
const FAILURES_MAX = 3;
/** For so long nobody is made to wait, but for one who tries whether it is over. */
const PAUSE_MS = 5_000;

/** Keeps callers from something that has failed, and lets one of them try it again after a while. */
export class CircuitBreaker {
  #failures = 0;
  #pausedUntil: number | null = null;

  /** Whether this caller may try; after a pause that is one of them, and for the others another pause. */
  lets(): boolean {
    if (this.#pausedUntil === null) return true;
    if (performance.now() < this.#pausedUntil) return false;
    this.trip();
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pausedUntil = null;
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures >= FAILURES_MAX) this.trip();
  }

  /** Pauses at once, for a failure that is too dear to be had twice. */
  trip(): void {
    this.#pausedUntil = performance.now() + PAUSE_MS;
  }
}
