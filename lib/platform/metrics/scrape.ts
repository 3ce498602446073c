import "server-only";
import { pool } from "@/lib/platform/db/pool";
import { type Snapshot, takeSnapshot } from "@/lib/platform/metrics/metrics";
import { countWaitingMessages } from "@/lib/platform/outbox/outbox-store";

/** A scrape tells that the database is gone sooner than a scraper gives up. */
const DATABASE_TIMEOUT_MS = 2_000;

/** Brings the gauges up to date. Never fails: a database that is gone is one of the answers. */
export async function refreshGauges(): Promise<void> {
  const outbox = await inTime(countWaitingMessages());
  const { totalCount, idleCount, waitingCount } = pool();
  takeSnapshot({
    connections: { total: totalCount, idle: idleCount, waiting: waitingCount },
    outbox,
  });
}

async function inTime(counting: Promise<Snapshot["outbox"]>): Promise<Snapshot["outbox"]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DATABASE_TIMEOUT_MS);
  });
  try {
    return await Promise.race([counting.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
