import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type ListDb, prisma } from "@/lib/platform/db/client";
import { COUNT_MAX } from "@/lib/shared/bounded-count";
import type { Walk } from "@/lib/shared/keyset-page";

const SELECT = {
  id: true,
  ip: true,
  userAgent: true,
  acr: true,
  amr: true,
  createdAt: true,
  lastSeenAt: true,
  impersonatorId: true,
  user: { select: { id: true, email: true, name: true } },
} as const satisfies Prisma.SessionSelect;

export type LiveSession = Prisma.SessionGetPayload<{ select: typeof SELECT }>;

export interface SessionPlace {
  id: string;
  walk: Walk;
}

async function openDoors(
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  db: ListDb,
): Promise<Prisma.SessionWhereInput> {
  const [{ now }] = await db.$queryRaw<[{ now: Date }]>`SELECT now() AS now`;
  return {
    organizationId,
    revokedAt: null,
    idleExpiresAt: { gt: now },
    absoluteExpiresAt: { gt: now },
    user: { AND: [reachable, { status: "active" }] },
  };
}

/** How many there are of what {@link listLiveSessionRows} lists, up to one more than {@link COUNT_MAX}. */
export const countLiveSessionRows = async (
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  db: ListDb = prisma(),
): Promise<number> =>
  db.session.count({
    where: await openDoors(organizationId, reachable, db),
    take: COUNT_MAX + 1,
  });

/**
 * Sessions in the organization that still open doors, of the users that
 * `reachable` allows. By id, which sorts by when they began, so that reading
 * neither repeats nor skips one that is used meanwhile.
 */
export async function listLiveSessionRows(
  organizationId: string,
  reachable: Prisma.UserWhereInput,
  place: SessionPlace | null,
  countMax: number,
  db: ListDb = prisma(),
): Promise<LiveSession[]> {
  const backwards = place?.walk === "previous";
  return db.session.findMany({
    where: {
      ...(await openDoors(organizationId, reachable, db)),
      ...(place === null ? {} : { id: { [backwards ? "gt" : "lt"]: place.id } }),
    },
    orderBy: { id: backwards ? "asc" : "desc" },
    take: countMax,
    select: SELECT,
  });
}
