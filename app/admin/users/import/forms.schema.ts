import { z } from "zod";
import { Id } from "@/lib/shared/id.schema";
import { ImportFormat } from "@/lib/user-imports/user-import.schema";

const ticked = z
  .literal("on")
  .optional()
  .transform((value) => value === "on");

/** The file itself is no text, and is read from the form by the action. */
export const ImportFileForm = z.object({
  format: ImportFormat,
  vouched: ticked,
  defaultRoles: ticked,
});

export const ApplyImportForm = z.object({ id: Id, skipBad: ticked });
