import type { NewReview } from "@/lib/access-reviews/access-review.schema";
import { startReview } from "@/lib/access-reviews/start-review";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";

export const ANSWERS = { answer_reviews: "all" } as const;

const HOUR_MS = 3_600_000;
export const inHours = (count: number): Date => new Date(Date.now() + count * HOUR_MS);

export const scopeOf = (userIds: string[]): NewReview["scope"] => ({
  grants: "people",
  roleIds: [],
  userIds,
  teams: false,
  services: false,
});

/** A review of what these people have, as the use case is asked for one. */
export const aReviewOf = (
  userIds: string[],
  reviewers: Caller[],
  change: Partial<NewReview> = {},
): NewReview => ({
  name: `Review ${newId()}`,
  note: "",
  scope: scopeOf(userIds),
  reviewerIds: reviewers.map(({ principal }) => principal.userId),
  dueAt: inHours(72),
  ...change,
});

export async function aStartedReview(author: Caller, input: NewReview): Promise<string> {
  const result = await startReview(author, input);
  if (result.outcome !== "started") throw new Error(JSON.stringify(result));
  return result.id;
}

/** Written past the trigger that keeps a date: as if the time had gone by. */
export async function letBeDue(id: string, at: Date = inHours(-1)): Promise<void> {
  await prisma().$transaction([
    prisma()
      .$executeRaw`ALTER TABLE access_reviews DISABLE TRIGGER access_reviews_stay_as_they_ended`,
    prisma()
      .$executeRaw`UPDATE access_reviews SET due_at = ${at}::timestamptz WHERE id = ${id}::uuid`,
    prisma()
      .$executeRaw`ALTER TABLE access_reviews ENABLE TRIGGER access_reviews_stay_as_they_ended`,
  ]);
}

export const itemsOf = (reviewId: string) =>
  prisma().accessReviewItem.findMany({ where: { reviewId }, orderBy: { position: "asc" } });

/** The item about the role of a user. */
export async function itemAbout(reviewId: string, userId: string): Promise<string> {
  const { id } = await prisma().accessReviewItem.findFirstOrThrow({ where: { reviewId, userId } });
  return id;
}

export const reviewEvents = (targetId: string) =>
  prisma().auditEvent.findMany({
    where: { targetId, action: { startsWith: "review." } },
    orderBy: { id: "asc" },
  });
