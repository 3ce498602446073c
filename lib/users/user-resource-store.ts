import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import { type Db, prisma } from "@/lib/platform/db/client";

const SELECT = { id: true, email: true, status: true } as const;

/** What conditions may ask about a member of the organization. */
export const findAskedUser = (id: string, organizationId: string, db: Db = prisma()) =>
  db.user.findFirst({
    where: { id, memberships: { some: { organizationId } } },
    select: SELECT,
  });

/** The organization's members within a filter, in the order of their ids. */
export const listUsersById = (
  organizationId: string,
  rows: Prisma.UserWhereInput,
  afterId: string | null,
  countMax: number,
  db: Db = prisma(),
) =>
  db.user.findMany({
    where: {
      memberships: { some: { organizationId } },
      AND: [rows],
      ...(afterId === null ? {} : { id: { gt: afterId } }),
    },
    orderBy: { id: "asc" },
    take: countMax,
    select: SELECT,
  });
