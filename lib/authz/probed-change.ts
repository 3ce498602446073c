import "server-only";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";

/** Takes the transaction back, and brings out what came of it. */
class RolledBack extends Error {
  constructor(readonly result: unknown) {
    super("a change was looked at and taken back");
  }
}

const refusalOf = (result: unknown): string | null => {
  if (typeof result !== "object" || result === null || !("outcome" in result)) return null;
  if (result.outcome !== "rejected") return result.outcome === "not-found" ? "not-found" : null;
  return "reason" in result ? String(result.reason) : "rejected";
};

/**
 * Runs a change in one transaction; with a probe, only to be looked at, and then it is always rolled
 * back: no row, no event, no version and no mail of it stays. A refusal for reaching beyond one's own
 * permissions is recorded as for a save, which changes nothing else: nobody sounds out in previews
 * what they may not do (ATK-42).
 */
export async function inProbedChange<T>(
  probe: Probe | undefined,
  work: (tx: Db) => Promise<{ result: T; foretold: GuardRejection | null }>,
): Promise<T> {
  if (probe === undefined) return (await inTransaction(work)).result;
  try {
    return await inTransaction(async (tx) => {
      await probe.before(tx);
      const { result, foretold } = await work(tx);
      const refusal = refusalOf(result);
      if (refusal === "beyond-own-permissions") return result;
      if (refusal === null) await probe.after(tx, foretold);
      throw new RolledBack(result);
    });
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}
