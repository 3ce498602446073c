import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";
import type { Walk } from "@/lib/shared/keyset-page";

const SELECT = {
  id: true,
  ip: true,
  userAgent: true,
  acr: true,
  amr: true,
  createdAt: true,
  lastSeenAt: true,
  user: { select: { id: true, email: true, name: true } },
} as const satisfies Prisma.SessionSelect;

export type LiveSession = Prisma.SessionGetPayload<{ select: typeof SELECT }>;

export interface SessionPlace {
  id: string;
  walk: Walk;
}

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
  db: Db = prisma(),
): Promise<LiveSession[]> {
  const [{ now }] = await db.$queryRaw<[{ now: Date }]>`SELECT now() AS now`;
  const backwards = place?.walk === "previous";
  return db.session.findMany({
    where: {
      organizationId,
      revokedAt: null,
      idleExpiresAt: { gt: now },
      absoluteExpiresAt: { gt: now },
      user: { AND: [reachable, { status: "active" }] },
      ...(place === null ? {} : { id: { [backwards ? "gt" : "lt"]: place.id } }),
    },
    orderBy: { id: backwards ? "asc" : "desc" },
    take: countMax,
    select: SELECT,
  });
}
