import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { SEALED_COLUMNS } from "@/lib/keys/sealed-columns";
import { newId } from "@/lib/platform/id";
import { type Reencryption, reencrypt } from "@/lib/platform/reencryption";
import type { RequestFacts } from "@/lib/shared/caller";

export interface ReencryptionTotal {
  done: number;
  unreadable: number;
}

/**
 * Seals everything with the first key of DATA_ENCRYPTION_KEYS, and says how far
 * it is after every batch; returns what came of it, which is on record if
 * anything changed. Ended half-way, another run does the rest (FLT-23).
 */
export async function* reencryptColumns(
  request: RequestFacts,
): AsyncGenerator<Reencryption, ReencryptionTotal> {
  const total = { done: 0, unreadable: 0 };
  try {
    for (const column of SEALED_COLUMNS) {
      for await (const progress of reencrypt(column)) {
        total.done += progress.done;
        total.unreadable += progress.unreadable;
        yield progress;
      }
    }
  } finally {
    if (total.done > 0) await record(total, request);
  }
  return total;
}

const record = (total: ReencryptionTotal, request: RequestFacts): Promise<string> =>
  recordStandaloneEvent(
    {
      action: "encryption_keys.reencrypted",
      outcome: "success",
      actor: { type: "system" },
      after: { ...total },
    },
    request,
  );

/** The same as a job; returns how many values have the first key now. */
export async function reencryptDue(): Promise<number> {
  const id = newId();
  const request = { requestId: id, decisionId: id, ip: null, userAgent: null };
  let count = 0;
  for await (const { done } of reencryptColumns(request)) count += done;
  return count;
}
