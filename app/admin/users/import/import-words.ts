import "server-only";
import type { Translator } from "@/lib/platform/locale/translator";
import { IMPORT_FORMATS } from "@/lib/user-imports/user-import.schema";

/** The name of a format; of one that this version does not know, as it is stored. */
export function formatName(format: string, t: Translator<"admin-user-imports">): string {
  const known = IMPORT_FORMATS.find((name) => name === format);
  return known === undefined ? format : t(`formats.${known}`);
}
