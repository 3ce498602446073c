import "server-only";
import {
  findReviewNaming,
  lockEvidence,
  namePersonById,
  setEvidenceHash,
} from "@/lib/access-reviews/erasure-store";
import { evidenceCsv, hashOf } from "@/lib/access-reviews/evidence-csv";
import { listEveryItem } from "@/lib/access-reviews/item-store";
import { recordEvent } from "@/lib/audit/record-event";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Puts the id in place of the names of somebody who is gone, in every access review: what was
 * asked, answered and done stays, and who it was is an id that leads to nobody (F109, F116). The
 * evidence of one that has ended has another digest then, which is on record with the former; what
 * was not intact before does not become so. Broken off, another run does the remainder.
 */
export async function eraseFromReviews(
  userId: string,
  emails: string[],
  request: RequestFacts,
): Promise<void> {
  for (;;) {
    const review = await findReviewNaming(userId, emails);
    if (review === null) return;
    const { id, organizationId } = review;
    await inTransaction(async (tx) => {
      const former = await lockEvidence(id, tx);
      const digest = () =>
        inTenant(
          organizationId,
          async (tenant) => hashOf(evidenceCsv(await listEveryItem(id, tenant))),
          tx,
        );
      const wasIntact = former !== null && (await digest()) === former;
      await namePersonById(id, userId, emails, tx);
      const present = wasIntact ? await digest() : former;
      if (present !== null && present !== former) await setEvidenceHash(id, present, tx);
      await recordEvent(
        {
          action: "review.names_erased",
          outcome: "success",
          actor: { type: "system" },
          target: { type: "access_review", id },
          before: { evidence: former },
          after: { evidence: present },
        },
        request,
        tx,
      );
    });
  }
}
