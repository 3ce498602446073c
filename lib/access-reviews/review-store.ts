import "server-only";
import type { ReviewScope, ReviewState } from "@/lib/access-reviews/access-review.schema";
import type { Db } from "@/lib/platform/db/client";
import type { PlaceDb, TenantDb } from "@/lib/platform/db/tenant";
import type { Walk } from "@/lib/shared/keyset-page";

export interface ReviewRow {
  id: string;
  organizationId: string;
  name: string;
  note: string;
  scope: ReviewScope;
  state: ReviewState;
  authorId: string;
  authorName: string;
  leftOut: number;
  dueAt: Date;
  createdAt: Date;
  closedAt: Date | null;
  closedById: string | null;
  closedByName: string | null;
  evidenceHash: string | null;
}

const SELECT = {
  id: true,
  organizationId: true,
  name: true,
  note: true,
  scope: true,
  state: true,
  authorId: true,
  authorName: true,
  leftOut: true,
  dueAt: true,
  createdAt: true,
  closedAt: true,
  closedById: true,
  closedByName: true,
  evidenceHash: true,
} as const;

/** The scope was checked when it was written, and does not change. */
const asRow = (row: Omit<ReviewRow, "scope"> & { scope: unknown }): ReviewRow => ({
  ...row,
  scope: row.scope as ReviewScope,
});

export interface NewReviewRow {
  id: string;
  organizationId: string;
  name: string;
  note: string;
  scope: ReviewScope;
  authorId: string;
  authorName: string;
  leftOut: number;
  dueAt: Date;
}

/** False when it would be due before the database's own time, or later than in `daysMax` days. */
export async function insertReview(
  review: NewReviewRow,
  daysMax: number,
  db: TenantDb,
): Promise<boolean> {
  const { id, organizationId, name, note, scope, authorId, authorName, leftOut, dueAt } = review;
  const count = await db.$executeRaw`
    INSERT INTO access_reviews (id, organization_id, name, note, scope, author_id, author_name,
                                left_out, due_at, reminded_at)
    SELECT ${id}::uuid, ${organizationId}::uuid, ${name}, ${note}, ${JSON.stringify(scope)}::jsonb,
           ${authorId}::uuid, ${authorName}, ${leftOut}, ${dueAt}::timestamptz,
           -- Whoever is asked within a day of the end is reminded by being asked.
           CASE WHEN ${dueAt}::timestamptz <= now() + interval '1 day' THEN now() END
     WHERE ${dueAt}::timestamptz > now() AND ${dueAt}::timestamptz <= now() + make_interval(days => ${daysMax})`;
  return count === 1;
}

/** A review of the organization; with `lock` nobody ends it before the transaction is over. */
export async function findReviewRow(
  id: string,
  organizationId: string,
  { db, lock = false }: { db: TenantDb; lock?: boolean },
): Promise<ReviewRow | null> {
  if (lock) {
    await db.$queryRaw`SELECT 1 FROM access_reviews WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  }
  const row = await db.accessReview.findFirst({ where: { id, organizationId }, select: SELECT });
  return row && asRow(row);
}

export interface ReviewPlace {
  at: string;
  id: string;
  walk: Walk;
}

/** Newest first; with `reviewerId` those in which they are asked something. */
export async function listReviewRows(
  organizationId: string,
  { state, reviewerId }: { state?: ReviewState | undefined; reviewerId?: string | undefined },
  place: ReviewPlace | null,
  countMax: number,
  db: TenantDb,
): Promise<ReviewRow[]> {
  const backwards = place?.walk === "previous";
  const beyond = backwards ? "gt" : "lt";
  const direction = backwards ? "asc" : "desc";
  const at = place === null ? null : new Date(place.at);
  const rows = await db.accessReview.findMany({
    where: {
      organizationId,
      ...(state === undefined ? {} : { state }),
      ...(reviewerId === undefined ? {} : { items: { some: { reviewerId } } }),
      ...(place === null || at === null
        ? {}
        : {
            createdAt: { [`${beyond}e`]: at },
            OR: [{ createdAt: { [beyond]: at } }, { createdAt: at, id: { [beyond]: place.id } }],
          }),
    },
    orderBy: [{ createdAt: direction }, { id: direction }],
    take: countMax,
    select: SELECT,
  });
  return rows.map(asRow);
}

export interface ClosingRow {
  id: string;
  organizationId: string;
  closedById: string | null;
}

/** Whether a review anywhere, or of this organization, is overdue or half closed: asked often, so only read. */
export async function isSomethingDue(organizationId: string | null, db: PlaceDb): Promise<boolean> {
  const [row] = await db.$queryRaw<[{ due: boolean }]>`
    SELECT EXISTS (
      SELECT 1 FROM access_reviews
       WHERE (state = 'closing' OR (state = 'open' AND due_at <= now()))
         AND (${organizationId}::uuid IS NULL OR organization_id = ${organizationId}::uuid)) AS due`;
  return row.due;
}

/** Ends the time for answers of everything that is due: of many who ask, one gets each of them. */
export function claimDueReviews(organizationId: string | null, db: PlaceDb): Promise<ClosingRow[]> {
  return db.$queryRaw<ClosingRow[]>`
    UPDATE access_reviews SET state = 'closing'
     WHERE state = 'open' AND due_at <= now()
       AND (${organizationId}::uuid IS NULL OR organization_id = ${organizationId}::uuid)
    RETURNING id, organization_id AS "organizationId", closed_by AS "closedById"`;
}

/** The same by hand, for one that is not due yet. */
export async function claimReview(
  id: string,
  by: { id: string; name: string },
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_reviews SET state = 'closing', closed_by = ${by.id}::uuid, closed_by_name = ${by.name}
     WHERE id = ${id}::uuid AND state = 'open' AND due_at > statement_timestamp()`;
  return count === 1;
}

/** What is being closed, by whomever: whoever comes by finishes it. */
export function listClosing(organizationId: string | null, db: PlaceDb): Promise<ClosingRow[]> {
  return db.$queryRaw<ClosingRow[]>`
    SELECT id, organization_id AS "organizationId", closed_by AS "closedById"
      FROM access_reviews
     WHERE state = 'closing'
       AND (${organizationId}::uuid IS NULL OR organization_id = ${organizationId}::uuid)
     ORDER BY due_at, id`;
}

/** False when somebody else has finished it. */
export async function finishReview(
  id: string,
  evidenceHash: string,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_reviews SET state = 'closed', closed_at = now(), evidence_hash = ${evidenceHash}
     WHERE id = ${id}::uuid AND state = 'closing'`;
  return count === 1;
}

/** False when it is not open any more, or due. */
export async function cancelReviewRow(
  id: string,
  by: { id: string; name: string },
  evidenceHash: string,
  db: TenantDb,
): Promise<boolean> {
  const count = await db.$executeRaw`
    UPDATE access_reviews SET state = 'cancelled', closed_at = now(), closed_by = ${by.id}::uuid,
                              closed_by_name = ${by.name}, evidence_hash = ${evidenceHash}
     WHERE id = ${id}::uuid AND state = 'open' AND due_at > statement_timestamp()`;
  return count === 1;
}

/** Marks what is due within a day as reminded of, and returns it: each once, whoever asks. */
export function claimReminders(
  db: Db,
): Promise<Pick<ReviewRow, "id" | "organizationId" | "name" | "dueAt">[]> {
  return db.$queryRaw`
    UPDATE access_reviews SET reminded_at = now()
     WHERE state = 'open' AND reminded_at IS NULL
       AND due_at > now() AND due_at <= now() + interval '1 day'
    RETURNING id, organization_id AS "organizationId", name, due_at AS "dueAt"`;
}

/** Members of the organization, of any status, by their addresses. */
export const listMemberRows = (
  emails: string[],
  organizationId: string,
  db: TenantDb,
): Promise<{ id: string; email: string }[]> =>
  db.user.findMany({
    where: { email: { in: emails }, memberships: { some: { organizationId } } },
    select: { id: true, email: true },
    orderBy: { email: "asc" },
  });
