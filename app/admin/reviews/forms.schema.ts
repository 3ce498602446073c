import { z } from "zod";
import { ItemAnswer, NewReview, ReviewScope } from "@/lib/access-reviews/access-review.schema";
import { Email } from "@/lib/shared/email.schema";
import { Id } from "@/lib/shared/id.schema";

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** What is ticked: one field each, so that it comes back from an error. */
const tickedOf = (fields: Record<string, unknown>, name: string): unknown[] =>
  Object.entries(fields).flatMap(([key, value]) => (key.startsWith(`${name}.`) ? [value] : []));

const PEOPLE_MAX = 100;

/** Addresses as people paste them: one a line, or with commas between. */
const Addresses = z
  .string()
  .max(20_000)
  .transform((text) => text.split(/[\s,;]/).filter((part) => part !== ""))
  .pipe(
    z
      .array(Email)
      .max(PEOPLE_MAX, "Name at most 100 people.")
      .transform((emails) => [...new Set(emails)]),
  );

/** The end of a day in UTC, which is the same for everybody who reads it. */
const EndOfDay = z.iso
  .date("Choose a day.")
  .transform((day) => new Date(`${day}T23:59:59.000Z`))
  .refine((at) => !Number.isNaN(at.getTime()), "Choose a day.");

const Fields = z.object({
  name: NewReview.shape.name,
  note: NewReview.shape.note,
  dueOn: EndOfDay,
  grants: ReviewScope.shape.grants,
  people: Addresses.optional().default([]),
  teams: ticked,
  services: ticked,
});

const Choices = z
  .looseObject({})
  .transform((fields) => ({
    roleIds: tickedOf(fields, "role"),
    reviewerIds: tickedOf(fields, "reviewer"),
  }))
  .pipe(
    z.object({
      roleIds: z.array(Id).max(PEOPLE_MAX, "Choose at most 100 roles."),
      reviewerIds: z.array(Id).min(1, "Choose at least one reviewer.").max(PEOPLE_MAX),
    }),
  );

export const NewReviewForm = z.intersection(Fields, Choices);

export const ReviewForm = z.object({ id: Id });

/** More than a page shows is not ticked. */
const ITEMS_MAX = 100;

const Items = z
  .looseObject({})
  .transform((fields) => ({
    itemIds: fields["only"] === undefined ? tickedOf(fields, "item") : [fields["only"]],
  }))
  .pipe(z.object({ itemIds: z.array(Id).min(1, "Tick what you answer first.").max(ITEMS_MAX) }));

/**
 * Answers to one or many. `only` names one item beside its button; otherwise what is ticked is
 * answered. Taking several away is said twice.
 */
export const AnswersForm = z.intersection(
  ItemAnswer.extend({ id: Id, only: Id.optional(), confirm: ticked }).strip(),
  Items,
);
