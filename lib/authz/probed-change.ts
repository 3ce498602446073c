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

type Refusal = "none" | "refused" | "on-record";

/** A refusal that names a decision is on record: else the id that is told would lead nowhere. */
function refusalOf(result: unknown): Refusal {
  if (typeof result !== "object" || result === null || !("outcome" in result)) return "none";
  if (result.outcome === "not-found") return "refused";
  if (result.outcome !== "rejected") return "none";
  return "decisionId" in result ? "on-record" : "refused";
}

/**
 * Runs a change in one transaction; with a probe, only to be looked at, and then it is always rolled
 * back: no row, no event, no version and no mail of it stays. A refusal that names a decision
 * is recorded as for a save, which changes nothing else: nobody sounds out in previews
 * what they may not do (ATK-42).
 */
export async function inProbedChange<T>(
  probe: Probe | undefined,
  work: (tx: Db) => Promise<{ result: T; foretold: GuardRejection | null }>,
  options: { timeoutMs?: number } = {},
): Promise<T> {
  if (probe === undefined) return (await inTransaction(work, options)).result;
  try {
    return await inTransaction(async (tx) => {
      await probe.before(tx);
      const { result, foretold } = await work(tx);
      const refusal = refusalOf(result);
      if (refusal === "on-record") return result;
      if (refusal === "none") await probe.after(tx, foretold);
      throw new RolledBack(result);
    }, options);
  } catch (error) {
    if (error instanceof RolledBack) return error.result as T;
    throw error;
  }
}
