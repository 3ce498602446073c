import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type AuditPlace, doneByOwner } from "@/lib/audit-log/audit-log-store";
import { type Db, prisma } from "@/lib/platform/db/client";

const SELECT = {
  id: true,
  at: true,
  action: true,
  outcome: true,
  actorId: true,
  subjectId: true,
  ip: true,
  userAgent: true,
  after: true,
} as const satisfies Prisma.AuditEventSelect;

export type ActivityRow = Prisma.AuditEventGetPayload<{ select: typeof SELECT }>;

export interface WantedActivity {
  /** Of what the user did and what was done to them. */
  actions: string[];
  outcome?: "success" | { not: "success" };
  /** Whether what somebody else did as the user is wanted as well, whatever it was. */
  asUser: boolean;
  /** Left out, wherever it was. */
  organizationId?: string;
}

/** What a user did, what was done to them, and what somebody else did as them, in the order of the walk. */
export async function listActivityRows(
  userId: string,
  { actions, outcome, asUser, organizationId }: WantedActivity,
  place: AuditPlace | null,
  countMax: number,
  db: Db = prisma(),
): Promise<ActivityRow[]> {
  const backwards = place?.walk === "previous";
  const [beyond, direction] = backwards ? (["gt", "asc"] as const) : (["lt", "desc"] as const);
  const at = place === null ? null : new Date(place.at);
  const keyset: Prisma.AuditEventWhereInput =
    place === null || at === null
      ? {}
      : {
          // Said twice: the first lets an index begin there, the second settles ties.
          at: { [`${beyond}e`]: at },
          OR: [{ at: { [beyond]: at } }, { at, id: { [beyond]: place.id } }],
        };
  const walk = (whose: Prisma.AuditEventWhereInput) =>
    db.auditEvent.findMany({
      where: {
        AND: [
          whose,
          outcome === undefined ? {} : { outcome },
          organizationId === undefined ? {} : { organizationId },
          keyset,
        ],
      },
      orderBy: [{ at: direction }, { id: direction }],
      take: countMax,
      select: SELECT,
    });
  // Each along an index of its own; one query for all would read one of them whole.
  const found = await Promise.all([
    walk({ ...doneByOwner(userId), action: { in: actions } }),
    walk({ targetId: userId, action: { in: actions } }),
    asUser ? walk({ subjectId: userId }) : [],
  ]);
  const byId = new Map(found.flat().map((row) => [row.id, row]));
  const sign = backwards ? -1 : 1;
  return [...byId.values()]
    .sort((a, b) => sign * (b.at.getTime() - a.at.getTime() || (b.id > a.id ? 1 : -1)))
    .slice(0, countMax);
}
