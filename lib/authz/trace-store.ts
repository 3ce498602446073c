import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { BeyondTrace } from "@/lib/authz/beyond-trace";
import type { GateTrace } from "@/lib/authz/gate-trace";
import type { Trace } from "@/lib/authz/trace";
import { type Db, prisma } from "@/lib/platform/db/client";

type AnyTrace = Trace | BeyondTrace | GateTrace;

/** Keeps the trace under its decision's id; the first one that is kept stays. Of nobody there is no organization. */
export async function insertTrace(
  id: string,
  organizationId: string | null,
  trace: AnyTrace,
  db: Db = prisma(),
): Promise<void> {
  await insertTraces([{ id, trace }], organizationId, db);
}

/** The same for many of one organization, in one statement. */
export async function insertTraces(
  traces: { id: string; trace: AnyTrace }[],
  organizationId: string | null,
  db: Db = prisma(),
): Promise<void> {
  await db.decisionTrace.createMany({
    data: traces.map(({ id, trace }) => ({
      id,
      organizationId,
      trace: trace as unknown as Prisma.InputJsonObject,
    })),
    skipDuplicates: true,
  });
}

export interface TraceRow {
  id: string;
  at: Date;
  trace: unknown;
}

/** What is kept of the decision, when it was made in this organization, or null: before anybody was known (ATK-43). */
export async function findTraceRow(
  id: string,
  organizationId: string | null,
  db: Db = prisma(),
): Promise<TraceRow | null> {
  const row = await db.decisionTrace.findFirst({ where: { id, organizationId } });
  return row && { id: row.id, at: row.createdAt, trace: row.trace };
}

/** Counts a decision that a version in shadow would have changed. */
export async function countShadow(
  { id, number }: { id: string; number: number },
  permissionKey: string,
  would: "allow" | "deny",
  db: Db = prisma(),
): Promise<void> {
  const [allow, deny] = would === "allow" ? [1, 0] : [0, 1];
  await db.$executeRaw`
    INSERT INTO policy_shadow_counts AS c
           (policy_id, number, day, permission_key, would_allow, would_deny)
    VALUES (${id}::uuid, ${number}::int, (now() AT TIME ZONE 'UTC')::date, ${permissionKey}, ${allow}::int, ${deny}::int)
    ON CONFLICT (policy_id, number, day, permission_key) DO UPDATE
       SET would_allow = c.would_allow + EXCLUDED.would_allow,
           would_deny = c.would_deny + EXCLUDED.would_deny`;
}

/** Deletes traces of decisions made this long ago; returns how many. */
export const purgeTraceRows = (days: number, db: Db = prisma()): Promise<number> =>
  db.$executeRaw`
    DELETE FROM decision_traces WHERE created_at < now() - make_interval(days => ${days}::int)`;
