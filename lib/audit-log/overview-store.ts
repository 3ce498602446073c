import "server-only";
import { Prisma } from "@/generated/prisma/client";
import { type ListDb, prisma } from "@/lib/platform/db/client";

/** What is counted over time, by the action that tells of it. */
export const COUNTED = {
  signIns: "session.created",
  failures: "session.rejected",
  refusals: "authorization.denied",
} as const;
export type Counted = keyof typeof COUNTED;

export interface Period {
  from: Date;
  until: Date;
}

const inOrganization = (organizationId: string | null): Prisma.Sql =>
  organizationId === null
    ? Prisma.empty
    : Prisma.sql`AND organization_id = ${organizationId}::uuid`;

/** How many of each there were in each step of the period. Steps without any have no row. */
export const countOverTime = (
  { from, until }: Period,
  stepSeconds: number,
  organizationId: string | null,
  db: ListDb = prisma(),
): Promise<{ action: string; at: Date; count: number }[]> => db.$queryRaw`
  SELECT action, date_bin(make_interval(secs => ${stepSeconds}::float8), at, ${from}) AS at,
         count(*)::int AS count
    FROM audit_events
   WHERE action = ANY(${Object.values(COUNTED)}) AND at >= ${from} AND at < ${until}
         ${inOrganization(organizationId)}
   GROUP BY 1, 2`;

/** Attempts on an account that was locked: who is kept out there, or keeps somebody out. */
export async function countLockedAttempts(
  { from, until }: Period,
  organizationId: string | null,
  db: ListDb = prisma(),
): Promise<number> {
  return db.auditEvent.count({
    where: {
      action: COUNTED.failures,
      reason: "locked",
      at: { gte: from, lt: until },
      ...(organizationId !== null && { organizationId }),
    },
  });
}

/** By which methods (RFC 8176) people signed in; one sign-in may have several. */
export const countMethods = (
  { from, until }: Period,
  organizationId: string | null,
  db: ListDb = prisma(),
): Promise<{ method: string; count: number }[]> => db.$queryRaw`
  SELECT method, count(*)::int AS count
    FROM audit_events
    CROSS JOIN LATERAL jsonb_array_elements_text(
      CASE jsonb_typeof(after -> 'amr') WHEN 'array' THEN after -> 'amr' ELSE '[]' END) AS method
   WHERE action = ${COUNTED.signIns} AND at >= ${from} AND at < ${until}
         ${inOrganization(organizationId)}
   GROUP BY 1 ORDER BY 2 DESC, 1`;
