import { z } from "zod";

/** What a form asks for besides being saved: `preview` asks what saving would do. */
export const PreviewIntent = z.object({
  intent: z
    .literal("preview")
    .optional()
    .transform((value) => value === "preview"),
});
