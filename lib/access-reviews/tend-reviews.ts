import "server-only";
import { closeDueReviews } from "@/lib/access-reviews/close-due-reviews";
import { listUnanswering } from "@/lib/access-reviews/item-store";
import { reviewDueMail } from "@/lib/access-reviews/mails";
import { claimReminders } from "@/lib/access-reviews/review-store";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";

/** Closes what is due, and reminds of what soon will be, each once; returns how many. */
export async function tendReviews(): Promise<number> {
  return (await closeDueReviews(null)) + (await remindReviewers());
}

/** A mail for each reviewer who has not answered everything, a day before: it is queued with the mark that it was. */
const remindReviewers = (): Promise<number> =>
  inTransaction(async (tx) => {
    const reviews = await claimReminders(tx);
    for (const review of reviews) {
      const { id, organizationId } = review;
      const unanswering = await inTenant(
        organizationId,
        (tenant) => listUnanswering(id, tenant),
        tx,
      );
      for (const { email, count } of unanswering) {
        const mail = reviewDueMail({ ...review, count });
        await enqueueMail("access-review-due", email, mail, tx, { sender: { organizationId } });
      }
    }
    return reviews.length;
  });
