import { z } from "zod";
import { DutyConflictInput, WaiverDays, WaiverReason } from "@/lib/duties/duty.schema";
import { Id } from "@/lib/shared/id.schema";

/** What was ticked of one side: `left.3` has the key of a permission. */
const sideOf = (fields: Record<string, unknown>, side: "left" | "right"): unknown[] =>
  Object.entries(fields).flatMap(([name, value]) => (name.startsWith(`${side}.`) ? [value] : []));

export const NewConflictForm = z
  .looseObject({
    name: z.string(),
    description: z.string(),
    everywhere: z.literal("on").optional(),
  })
  .transform(({ name, description, everywhere, ...fields }): unknown => ({
    name,
    description,
    everywhere: everywhere === "on",
    left: sideOf(fields, "left"),
    right: sideOf(fields, "right"),
  }))
  .pipe(DutyConflictInput);

export const ConflictForm = z.object({ conflictId: Id });

export const WaiverForm = z.object({
  conflictId: z.uuid("Choose a conflict."),
  user: z.string().trim().min(1, "Name somebody.").max(320, "Name somebody."),
  reason: WaiverReason,
  days: WaiverDays,
});

export const EndWaiverForm = z.object({ waiverId: Id });
