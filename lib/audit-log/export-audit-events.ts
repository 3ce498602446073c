import "server-only";
import { type AuditRow, listAuditRowsAscending } from "@/lib/audit-log/audit-log-store";

const BATCH_SIZE = 1_000;

/**
 * Every event, oldest first, in batches, so that the log need not fit into
 * memory. For whoever owns the machine: the caller of a page pages instead.
 */
export async function* exportAuditEvents(): AsyncGenerator<AuditRow> {
  let last: AuditRow | null = null;
  for (;;) {
    const batch: AuditRow[] = await listAuditRowsAscending(last, BATCH_SIZE);
    yield* batch;
    last = batch.at(-1) ?? null;
    if (batch.length < BATCH_SIZE) return;
  }
}
