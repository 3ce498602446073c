import "server-only";
import { setTimeout } from "node:timers/promises";
import { recordChange } from "@/lib/audit/record-event";
import { type ExportedTable, readTablesOf, type Withheld } from "@/lib/personal-data/export-store";
import { inTransaction } from "@/lib/platform/db/transaction";
import { processSingleton } from "@/lib/platform/process-singleton";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";

export type { ExportedTable, Withheld };

/** Copies that one user may take. */
const EXPORTS: Limit = { name: "data-export", pointsMax: 10, windowSeconds: hours(1) };

/** Each holds a connection to the database for as long as it is being sent; others wait for it. */
const AT_ONCE_MAX = 2;
const WAIT_MS = 100;

const running = () => processSingleton("data-exports", () => ({ count: 0 }));

export type DataExport =
  /** Once begun, take all of it or return from it: until then it holds a place. */
  | { outcome: "exporting"; at: Date; tables: AsyncGenerator<ExportedTable> }
  | { outcome: "limited"; retryAfterSeconds: number };

/**
 * Everything that the database holds of the caller, of one moment, in every table that holds people,
 * without secrets and without what is of others (F108; GDPR art. 15 and 20). It takes a fresh proof
 * by the caller themselves, and that a copy was taken is on record before any of it is sent.
 */
export async function exportOwnData(caller: Caller): Promise<DataExport> {
  const { principal } = caller;
  requireAssurance(principal, SENSITIVE);
  const budget = await spend(EXPORTS, principal.userId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  const target = { type: "user", id: principal.userId };
  await inTransaction((tx) => recordChange(caller, { action: "user.data_exported", target }, tx));
  return { outcome: "exporting", at: principal.asOf, tables: inTurn(principal.userId) };
}

async function* inTurn(userId: string): AsyncGenerator<ExportedTable> {
  while (running().count >= AT_ONCE_MAX) await setTimeout(WAIT_MS);
  running().count += 1;
  try {
    yield* readTablesOf(userId);
  } finally {
    running().count -= 1;
  }
}
