import { z } from "zod";

export const AUDIT_OUTCOMES = ["success", "failure", "denied"] as const;
export const AuditOutcome = z.enum(AUDIT_OUTCOMES, "Choose success, failure or denied.");

/** Actors without an id: jobs and the command line, and whoever had not signed in. */
export const UNNAMED_ACTORS = ["system", "anonymous"] as const;

/** An instant, or a whole day in UTC. PostgreSQL has no year 0, and no event is that old. */
const Moment = z
  .union(
    [z.iso.datetime({ offset: true }), z.iso.date()],
    "Use a date like 2027-01-31, or a time like 2027-01-31T12:00:00Z.",
  )
  .refine((moment) => Date.parse(moment) >= 0, "Use a time after 1970.");

/** An id, an email address or a name. */
const PartyText = z
  .string()
  .trim()
  .min(1, "Use an email address, a name or an id.")
  .max(200, "That is too long.")
  .regex(/^\P{Cc}*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** What narrows the audit log, as its address says it. */
export const AuditListing = z.strictObject({
  /** Of an event, of a request, or of a decision, which is its event's. */
  id: z.uuid("Use an id as it was told: 36 letters, digits and dashes.").optional(),
  actor: PartyText.optional(),
  action: z
    .string()
    .max(100)
    .regex(/^[a-z_]+\.[a-z_]+$/, "Use an action like user.created.")
    .optional(),
  /** Ids of targets are not always UUIDs: what a later feature acts on has ids of its own. */
  target: PartyText.optional(),
  outcome: AuditOutcome.optional(),
  from: Moment.optional(),
  to: Moment.optional(),
});
export type AuditListing = z.infer<typeof AuditListing>;

const DAY_MS = 86_400_000;

/** From the first instant on, and before the second: a day that is named is in it as a whole. */
export function periodOf({ from, to }: Pick<AuditListing, "from" | "to">): {
  from: Date | null;
  before: Date | null;
} {
  const isDay = (moment: string) => !moment.includes("T");
  const endOf = (moment: string) =>
    new Date(new Date(moment).getTime() + (isDay(moment) ? DAY_MS : 1));
  return {
    from: from === undefined ? null : new Date(from),
    before: to === undefined ? null : endOf(to),
  };
}
