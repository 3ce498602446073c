import { z } from "zod";
import { SearchText } from "@/lib/shared/search.schema";

export const REVIEW_STATES = ["open", "closing", "closed", "cancelled"] as const;
export const ReviewState = z.enum(REVIEW_STATES, "Choose open, closing, closed or cancelled.");
export type ReviewState = z.infer<typeof ReviewState>;

export const ITEM_KINDS = ["user-role", "team-role", "team-membership", "service-role"] as const;
export const ItemKind = z.enum(ITEM_KINDS);
export type ItemKind = z.infer<typeof ItemKind>;

export const Decision = z.enum(["keep", "revoke"], "Choose keep or revoke.");
export type Decision = z.infer<typeof Decision>;

export const OUTCOMES = [
  "kept",
  "revoked",
  "revoked-unanswered",
  "gone",
  "kept-last-administrator",
] as const;
export const Outcome = z.enum(OUTCOMES);
export type Outcome = z.infer<typeof Outcome>;

const ids = (what: string) =>
  z
    .array(z.uuid(`Use the id of a ${what}.`))
    .max(100, "Use at most 100 of them.")
    .transform((given) => [...new Set(given)]);

/** Which grants are asked about: `people` and `roles` name some, and nothing else counts then. */
export const ReviewScope = z
  .strictObject({
    grants: z.enum(["all", "roles", "people"], "Choose all, roles or people."),
    roleIds: ids("role").default([]),
    userIds: ids("user").default([]),
    /** Also the roles of teams, and who is in them. */
    teams: z.boolean().default(false),
    /** Also the roles of service accounts. */
    services: z.boolean().default(false),
  })
  .refine(({ grants, roleIds }) => (grants === "roles") === roleIds.length > 0, {
    path: ["roleIds"],
    message: "Name roles where grants is roles, and only there.",
  })
  .refine(({ grants, userIds }) => (grants === "people") === userIds.length > 0, {
    path: ["userIds"],
    message: "Name users where grants is people, and only there.",
  });
export type ReviewScope = z.infer<typeof ReviewScope>;

/** One line that shows: what a mail or a table prints beside words of ours. */
const Line = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line.")
  .refine((text) => text.isWellFormed(), "Use whole characters.");

export const NewReview = z.strictObject({
  name: Line.min(1, "Give it a name.").max(100, "Use at most 100 characters."),
  note: Line.max(500, "Use at most 500 characters.").default(""),
  scope: ReviewScope,
  reviewerIds: ids("user").refine((given) => given.length > 0, "Name at least one reviewer."),
  dueAt: z.iso
    .datetime({ offset: true, error: "Use a date and a time, like 2026-12-31T18:00:00Z." })
    .transform((text) => new Date(text)),
});
export type NewReview = z.infer<typeof NewReview>;

export const ItemAnswer = z.strictObject({
  decision: Decision,
  note: Line.max(300, "Use at most 300 characters.").default(""),
});
export type ItemAnswer = z.infer<typeof ItemAnswer>;

export const ReviewListing = z.strictObject({ state: ReviewState.optional() });
export type ReviewListing = z.infer<typeof ReviewListing>;

/** `open` is what nobody has answered; the others are what was answered, or became of it. */
export const ITEM_STATUSES = ["open", "keep", ...OUTCOMES] as const;
export const ItemListing = z.strictObject({
  q: SearchText.optional(),
  kind: z.enum(ITEM_KINDS, "Choose a kind.").optional(),
  status: z.enum(ITEM_STATUSES, "Choose a status.").optional(),
});
export type ItemListing = z.infer<typeof ItemListing>;
