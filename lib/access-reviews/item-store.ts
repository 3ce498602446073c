import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type {
  Decision,
  ItemKind,
  ItemListing,
  Outcome,
} from "@/lib/access-reviews/access-review.schema";
import type { Grant } from "@/lib/access-reviews/grant-store";
import { type Db, prisma } from "@/lib/platform/db/client";
import { escapeLike } from "@/lib/platform/db/like";
import type { TenantDb } from "@/lib/platform/db/tenant";
import type { Walk } from "@/lib/shared/keyset-page";

export interface ItemRow extends Grant {
  id: string;
  position: number;
  reviewerId: string;
  reviewerName: string;
  decision: Decision | null;
  note: string;
  decidedById: string | null;
  decidedByName: string | null;
  decidedAt: Date | null;
  /** Null while it can still change. */
  outcome: Outcome | null;
  endedAt: Date | null;
}

type Selected = Prisma.AccessReviewItemGetPayload<object>;

/** The database's words have underscores where ours have hyphens. */
const asRow = ({ reviewId: _, organizationId: __, ...row }: Selected): ItemRow => ({
  ...row,
  kind: row.kind.replaceAll("_", "-") as ItemKind,
  outcome: (row.outcome?.replaceAll("_", "-") ?? null) as Outcome | null,
});

const stored = <T extends string>(word: string): T => word.replaceAll("-", "_") as T;

/** Far fewer than a statement takes parameters. */
const BATCH_SIZE = 500;

export async function insertItems(
  reviewId: string,
  organizationId: string,
  items: (Grant & { id: string; reviewerId: string; reviewerName: string })[],
  db: TenantDb,
): Promise<void> {
  for (let start = 0; start < items.length; start += BATCH_SIZE) {
    await db.accessReviewItem.createMany({
      data: items.slice(start, start + BATCH_SIZE).map((item, index) => ({
        ...item,
        kind: stored<Selected["kind"]>(item.kind),
        reviewId,
        organizationId,
        position: start + index + 1,
      })),
    });
  }
}

/**
 * The item, while the reviewer may answer it: it is theirs, nothing has come of it, and its review
 * is open and not due. It and the review stay so until the transaction is over.
 */
export async function holdAnswerable(
  reviewId: string,
  itemId: string,
  reviewerId: string,
  db: TenantDb,
): Promise<ItemRow | null> {
  const held = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM access_reviews r JOIN access_review_items i ON i.review_id = r.id
     WHERE i.id = ${itemId}::uuid AND r.id = ${reviewId}::uuid AND i.reviewer_id = ${reviewerId}::uuid
       AND r.state = 'open' AND r.due_at > statement_timestamp() AND i.outcome IS NULL
       FOR SHARE OF r FOR UPDATE OF i`;
  return held.length === 0 ? null : findItemRow(reviewId, itemId, { db });
}

export async function findItemRow(
  reviewId: string,
  itemId: string,
  { reviewerId, db }: { reviewerId?: string; db: TenantDb },
): Promise<ItemRow | null> {
  const row = await db.accessReviewItem.findFirst({
    where: { id: itemId, reviewId, ...(reviewerId === undefined ? {} : { reviewerId }) },
  });
  return row && asRow(row);
}

/** Writes an answer to an item that is held, and what came of it at once. */
export async function answerItemRow(
  itemId: string,
  answer: { decision: Decision; note: string; byId: string; byName: string },
  outcome: Outcome | null,
  db: TenantDb,
): Promise<ItemRow> {
  await db.$executeRaw`
    UPDATE access_review_items
       SET decision = ${answer.decision}::review_decision, note = ${answer.note},
           decided_by = ${answer.byId}::uuid, decided_by_name = ${answer.byName},
           decided_at = statement_timestamp(),
           outcome = ${outcome === null ? null : stored<string>(outcome)}::review_outcome,
           ended_at = CASE WHEN ${outcome !== null}::boolean THEN statement_timestamp() END
     WHERE id = ${itemId}::uuid AND outcome IS NULL`;
  return asRow(await db.accessReviewItem.findUniqueOrThrow({ where: { id: itemId } }));
}

/** The next items of a review that is being closed which nothing has come of. */
export async function listUnended(
  reviewId: string,
  countMax: number,
  db: TenantDb,
): Promise<ItemRow[]> {
  const rows = await db.accessReviewItem.findMany({
    where: { reviewId, outcome: null, review: { state: "closing" } },
    orderBy: { position: "asc" },
    take: countMax,
  });
  return rows.map(asRow);
}

/** False when something has come of it already. */
export async function endItemRow(itemId: string, outcome: Outcome, db: TenantDb): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_review_items i
       SET outcome = ${stored<string>(outcome)}::review_outcome, ended_at = statement_timestamp()
      FROM access_reviews r
     WHERE i.id = ${itemId}::uuid AND r.id = i.review_id AND r.state = 'closing' AND i.outcome IS NULL`;
  return count === 1;
}

const matching = ({ q, kind, status }: ItemListing): Prisma.AccessReviewItemWhereInput => {
  const pattern = { contains: escapeLike(q ?? ""), mode: "insensitive" } as const;
  return {
    ...(kind === undefined ? {} : { kind: stored<Selected["kind"]>(kind) }),
    ...(status === undefined
      ? {}
      : status === "open"
        ? { decision: null, outcome: null }
        : status === "keep"
          ? { decision: "keep", outcome: null }
          : { outcome: stored<NonNullable<Selected["outcome"]>>(status) }),
    ...(q === undefined || q === ""
      ? {}
      : { OR: [{ subject: pattern }, { subjectName: pattern }, { grantName: pattern }] }),
  };
};

/** In their order; with `reviewerId` theirs alone. */
export async function listItemRows(
  reviewId: string,
  reviewerId: string | undefined,
  listing: ItemListing,
  place: { position: number; walk: Walk } | null,
  countMax: number,
  db: TenantDb,
): Promise<ItemRow[]> {
  const backwards = place?.walk === "previous";
  const rows = await db.accessReviewItem.findMany({
    where: {
      reviewId,
      ...(reviewerId === undefined ? {} : { reviewerId }),
      ...(place === null ? {} : { position: { [backwards ? "lt" : "gt"]: place.position } }),
      AND: [matching(listing)],
    },
    orderBy: { position: backwards ? "desc" : "asc" },
    take: countMax,
  });
  return rows.map(asRow);
}

/** All of them, in their order, as evidence has them. */
export async function listEveryItem(reviewId: string, db: TenantDb): Promise<ItemRow[]> {
  const rows = await db.accessReviewItem.findMany({
    where: { reviewId },
    orderBy: { position: "asc" },
  });
  return rows.map(asRow);
}

export interface Progress {
  reviewerId: string;
  reviewerName: string;
  all: number;
  /** Answered, or nothing left to answer. */
  done: number;
}

/** How far each reviewer is, of these reviews. */
export async function listProgress(
  reviewIds: string[],
  db: TenantDb,
): Promise<(Progress & { reviewId: string })[]> {
  return db.$queryRaw<(Progress & { reviewId: string })[]>`
    SELECT review_id AS "reviewId", reviewer_id AS "reviewerId", reviewer_name AS "reviewerName",
           count(*)::int AS "all",
           (count(*) FILTER (WHERE decision IS NOT NULL OR outcome IS NOT NULL))::int AS done
      FROM access_review_items
     WHERE review_id = ANY(${reviewIds}::uuid[])
     GROUP BY review_id, reviewer_id, reviewer_name
     ORDER BY reviewer_name, reviewer_id`;
}

/** How many items came to what; those that nothing has come of are under their answer. */
export async function countByStatus(
  reviewId: string,
  reviewerId: string | undefined,
  db: TenantDb,
): Promise<Partial<Record<NonNullable<ItemListing["status"]>, number>>> {
  const rows = await db.$queryRaw<{ status: string; count: number }[]>`
    SELECT COALESCE(replace(outcome::text, '_', '-'), decision::text, 'open') AS status,
           count(*)::int AS count
      FROM access_review_items
     WHERE review_id = ${reviewId}::uuid
       AND (${reviewerId ?? null}::uuid IS NULL OR reviewer_id = ${reviewerId ?? null}::uuid)
     GROUP BY 1`;
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** How much each reviewer is still asked in open reviews, in whatever organization. */
export const countWaitingByReviewer = (
  db: Db = prisma(),
): Promise<{ organizationId: string; answererId: string; count: number }[]> =>
  db.$queryRaw`
    SELECT r.organization_id AS "organizationId", i.reviewer_id AS "answererId",
           count(*)::int AS count
      FROM access_reviews r JOIN access_review_items i ON i.review_id = r.id
     WHERE r.state = 'open' AND r.due_at > now() AND i.decision IS NULL AND i.outcome IS NULL
     GROUP BY r.organization_id, i.reviewer_id`;

/** Reviewers who have not answered everything, with where they are written to now. */
export function listUnanswering(
  reviewId: string,
  db: TenantDb,
): Promise<{ email: string; count: number }[]> {
  return db.$queryRaw<{ email: string; count: number }[]>`
    SELECT u.email, count(*)::int AS count
      FROM access_review_items i JOIN users u ON u.id = i.reviewer_id AND u.status = 'active'
     WHERE i.review_id = ${reviewId}::uuid AND i.decision IS NULL AND i.outcome IS NULL
     GROUP BY u.email ORDER BY u.email`;
}
