import "server-only";
import type { Db } from "@/lib/platform/db/client";

/**
 * Runs `work` under the role that may take something out of the audit log, and not a statement
 * longer. What it may take out is what the trigger on the table allows.
 */
export async function asKeeper<T>(tx: Db, work: () => Promise<T>): Promise<T> {
  await tx.$queryRaw`SELECT set_config('role', audit_keeper_role(), true)`;
  const result = await work();
  await tx.$queryRaw`SELECT set_config('role', 'none', true)`;
  return result;
}
