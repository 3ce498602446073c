import "server-only";
import { type Db, prisma } from "@/lib/platform/db/client";

/** One of the reviews that still name them; null for none. */
export async function findReviewNaming(
  userId: string,
  emails: string[],
): Promise<{ id: string; organizationId: string } | null> {
  const rows = await prisma().$queryRaw<{ id: string; organizationId: string }[]>`
    SELECT r.id, r.organization_id AS "organizationId" FROM access_reviews r
     WHERE (r.author_id = ${userId}::uuid AND r.author_name <> ${userId})
        OR (r.closed_by = ${userId}::uuid AND r.closed_by_name <> ${userId})
        OR EXISTS (
          SELECT FROM access_review_items i
           WHERE i.review_id = r.id
             AND ((i.user_id = ${userId}::uuid AND (i.subject <> ${userId} OR i.subject_name IS NOT NULL))
               OR (i.reviewer_id = ${userId}::uuid AND i.reviewer_name <> ${userId})
               OR (i.decided_by = ${userId}::uuid AND i.decided_by_name <> ${userId})
               OR i.granted_by_name = ANY(${emails}::text[])))
     LIMIT 1`;
  return rows[0] ?? null;
}

/** The digest of the evidence, or null while the review goes on; it does not end meanwhile. */
export async function lockEvidence(reviewId: string, tx: Db): Promise<string | null> {
  const rows = await tx.$queryRaw<{ hash: string | null }[]>`
    SELECT evidence_hash AS hash FROM access_reviews WHERE id = ${reviewId}::uuid FOR UPDATE`;
  return rows[0]?.hash ?? null;
}

/** What has ended is changed in this alone, and by nobody else: the triggers of both tables see to it. */
async function asEraser(tx: Db, work: () => Promise<unknown>): Promise<void> {
  await tx.$queryRaw`SELECT set_config('gatehouse.erasing', 'on', true)`;
  await work();
  await tx.$queryRaw`SELECT set_config('gatehouse.erasing', '', true)`;
}

export const namePersonById = (
  reviewId: string,
  userId: string,
  emails: string[],
  tx: Db,
): Promise<void> =>
  asEraser(tx, async () => {
    await tx.$executeRaw`
      UPDATE access_review_items i
         SET subject = CASE WHEN i.user_id = ${userId}::uuid THEN ${userId} ELSE i.subject END,
             subject_name = CASE WHEN i.user_id = ${userId}::uuid THEN NULL ELSE i.subject_name END,
             reviewer_name = CASE WHEN i.reviewer_id = ${userId}::uuid THEN ${userId}
                                  ELSE i.reviewer_name END,
             decided_by_name = CASE WHEN i.decided_by = ${userId}::uuid THEN ${userId}
                                    ELSE i.decided_by_name END,
             granted_by_name = CASE WHEN i.granted_by_name = ANY(${emails}::text[]) THEN ${userId}
                                    ELSE i.granted_by_name END
       WHERE i.review_id = ${reviewId}::uuid
         AND (i.user_id = ${userId}::uuid OR i.reviewer_id = ${userId}::uuid
              OR i.decided_by = ${userId}::uuid OR i.granted_by_name = ANY(${emails}::text[]))`;
    await tx.$executeRaw`
      UPDATE access_reviews r
         SET author_name = CASE WHEN r.author_id = ${userId}::uuid THEN ${userId}
                                ELSE r.author_name END,
             closed_by_name = CASE WHEN r.closed_by = ${userId}::uuid THEN ${userId}
                                   ELSE r.closed_by_name END
       WHERE r.id = ${reviewId}::uuid`;
  });

export const setEvidenceHash = (reviewId: string, hash: string, tx: Db): Promise<void> =>
  asEraser(
    tx,
    () => tx.$executeRaw`
      UPDATE access_reviews SET evidence_hash = ${hash} WHERE id = ${reviewId}::uuid`,
  );
