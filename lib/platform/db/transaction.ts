import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { isRetryable } from "@/lib/platform/db/errors";

const ATTEMPTS_MAX = 3;
/** A connection of the pool is waited for this long, as outside a transaction. */
const START_TIMEOUT_MS = 5_000;
/** Longer than the longest single statement may take; then the caller gets 503. */
const TIMEOUT_MS = 15_000;

/**
 * Runs `work` in one transaction: all of it is committed, or nothing is.
 * A serialization failure or a deadlock is tried again, three times in all
 * (FLT-12), so `work` must have no effect outside the database.
 * `timeoutMs` is for what has many statements to make and somebody who waits for it.
 */
export async function inTransaction<T>(
  work: (tx: Db) => Promise<T>,
  { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma().$transaction(work, {
        maxWait: START_TIMEOUT_MS,
        timeout: timeoutMs,
      });
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}
