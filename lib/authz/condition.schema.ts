import { z } from "zod";

/**
 * The conditions that a grant may carry. `own` holds for records whose owner is
 * the principal; the resource type says which field names the owner.
 */
export const Condition = z.strictObject({ kind: z.literal("own") });
export type Condition = z.infer<typeof Condition>;
