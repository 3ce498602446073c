import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** Which permission the user was refused by this decision; null when it is somebody else's, or is not kept. */
export async function findRefusedKey(
  decisionId: string,
  userId: string,
  organizationId: string,
  db: Db = prisma(),
): Promise<string | null> {
  const rows = await db.$queryRaw<{ key: string | null }[]>`
    SELECT trace ->> 'permissionKey' AS key
      FROM decision_traces
     WHERE id = ${decisionId}::uuid AND organization_id = ${organizationId}::uuid
       AND trace #>> '{facts,principal,id}' = ${userId}
       AND trace #>> '{verdict,allowed}' = 'false'`;
  return rows[0]?.key ?? null;
}
