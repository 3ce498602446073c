import { z } from "zod";
import { SURFACE_KINDS } from "@/app/admin/coverage/surfaces";

export const CoverageListing = z.object({
  needs: z
    .string()
    .regex(/^[a-z_-]{1,60}$/, "Choose one of the permissions.")
    .optional(),
  area: z
    .string()
    .regex(/^[a-z-]{1,40}$/, "Choose one of the areas.")
    .optional(),
  kind: z.enum(SURFACE_KINDS, "Choose one of the kinds.").optional(),
});
export type CoverageListing = z.infer<typeof CoverageListing>;
