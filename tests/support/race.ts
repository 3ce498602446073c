import { type Db, prisma } from "@/lib/platform/db/client";

/** Starts `count` of the same thing together and returns what each one answered. */
export const race = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)));

/** Until some statement waits for a lock, or so long that none does. */
export async function untilSomethingWaits(): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const [{ waiting }] = await prisma().$queryRaw<[{ waiting: boolean }]>`
      SELECT EXISTS (SELECT FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`;
    if (waiting) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * Starts `run` while a transaction that has written is not committed yet, and answers with what
 * came of it once that was. What waits for the row sees it; what looked before did not.
 */
export async function whileUncommitted<T>(
  write: (tx: Db) => Promise<unknown>,
  run: () => Promise<T>,
): Promise<T> {
  const [written, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const writing = prisma().$transaction(
    async (tx) => {
      await write(tx);
      written.resolve();
      await release.promise;
    },
    { timeout: 10_000 },
  );
  await Promise.race([written.promise, writing]);
  const running = run();
  running.catch(() => {});
  await untilSomethingWaits();
  release.resolve();
  await writing;
  return running;
}
