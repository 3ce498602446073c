import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";

/**
 * Runs `work` in one transaction that sees and changes rows of this organization alone, whatever
 * its statements ask for (F81): PostgreSQL adds the condition that one of them may have forgotten.
 * Role and organization end with the transaction, so that nothing of them is left to whoever gets
 * the connection next, also behind a pooler. Refusals are recorded before, on a connection of
 * their own.
 */
export const inTenant = <T>(organizationId: string, work: (tx: Db) => Promise<T>): Promise<T> =>
  inTransaction(async (tx) => {
    await tx.$queryRaw`
      SELECT set_config('role', tenant_role(), true),
             set_config('gatehouse.organization', ${organizationId}::uuid::text, true)`;
    return work(tx);
  });
