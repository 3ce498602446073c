import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";
import { isRetryable } from "@/lib/platform/db/errors";

const ATTEMPTS_MAX = 3;

/**
 * Runs `work` in one transaction: all of it is committed, or nothing is.
 * A serialization failure or a deadlock is tried again, three times in all
 * (FLT-12), so `work` must have no effect outside the database.
 */
export async function inTransaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await prisma().$transaction(work);
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}
