import "server-only";
import "#node-only";
import pg from "pg";
import { countShed } from "@/lib/platform/metrics/metrics";
import { keepTrace } from "@/lib/platform/tracing/spans";

/** A queue of which nobody gets a connection for so long does not move (FLT-11). */
const STANDSTILL_MAX_MS = 2_500;
/** Nor is it worth joining behind somebody who has waited this long, however it moves. */
const QUEUE_AGE_MAX_MS = 4_000;
/** Fewer are no crowd, however small the pool; each may be a lookup that many callers share. */
const QUEUE_LENGTH_MIN = 4;

/** PostgreSQL's own code for it: `too_many_connections`, by which every caller knows an outage. */
const TOO_MANY_CONNECTIONS = "53300";

/** All connections are held, and those before us have not got one either. */
class PoolSaturated extends Error {
  readonly code = TOO_MANY_CONNECTIONS;
  constructor() {
    super("every database connection is in use, and has been for too long");
    this.name = "PoolSaturated";
  }
}

type Callback = Parameters<pg.Pool["connect"]>[0];

/**
 * A pool that lets a queue grow only while it moves. When at least as many as it has connections wait, and for two
 * and a half seconds nobody got one, or the first of them has waited for four, who comes now is refused at once: waiting
 * longer than a caller does helps nobody, and a queue that is too old to be answered is all that is worked on
 * once the database is back.
 */
export class MeasuredPool extends pg.Pool {
  /** When each began to wait, the oldest first. */
  readonly #waiting = new Map<object, number>();
  #servedAt = 0;

  /** For how long the first has waited, in milliseconds; 0 when nobody waits. */
  get queueAgeMs(): number {
    const [oldest] = this.#waiting.values();
    return oldest === undefined ? 0 : performance.now() - oldest;
  }

  #isCrowded(): boolean {
    const [oldest] = this.#waiting.values();
    if (oldest === undefined || this.#waiting.size < Math.max(QUEUE_LENGTH_MIN, this.options.max)) {
      return false;
    }
    const now = performance.now();
    return (
      now - Math.max(oldest, this.#servedAt) > STANDSTILL_MAX_MS || now - oldest > QUEUE_AGE_MAX_MS
    );
  }

  #leave(ticket: object, served: boolean): void {
    this.#waiting.delete(ticket);
    if (served) this.#servedAt = performance.now();
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<pg.PoolClient> | undefined {
    if (this.#isCrowded()) {
      countShed("database");
      const refusal = new PoolSaturated();
      if (callback === undefined) return Promise.reject(refusal);
      // Never before its caller goes on, as with the pool's own answers.
      setImmediate(callback, refusal, undefined, () => {});
      return undefined;
    }
    const ticket = {};
    this.#waiting.set(ticket, performance.now());
    if (callback !== undefined) {
      // Whoever gives a connection back calls whoever waits for one.
      const answer = keepTrace(callback);
      super.connect((error, client, done) => {
        this.#leave(ticket, client !== undefined);
        answer(error, client, done);
      });
      return undefined;
    }
    return super.connect().then(
      (client) => {
        this.#leave(ticket, true);
        return client;
      },
      (error: unknown) => {
        this.#leave(ticket, false);
        throw error;
      },
    );
  }
}
