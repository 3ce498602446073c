import { z } from "zod";
import { LOCALES } from "@/lib/shared/locale";

/** The zones of the IANA database that this runtime knows, and the one of logs. */
export const TIME_ZONES: readonly string[] = ["UTC", ...Intl.supportedValuesOf("timeZone")];
const KNOWN_ZONES = new Set(TIME_ZONES);

/** What a user reads, and when it is there; null for what the browser asks for, and for UTC. */
export const LanguageSetting = z.strictObject({
  locale: z.enum(LOCALES, "Choose a language.").nullable(),
  timeZone: z
    .string()
    .refine((zone) => KNOWN_ZONES.has(zone), "Choose a time zone such as Europe/Berlin.")
    .nullable(),
});
export type LanguageSetting = z.infer<typeof LanguageSetting>;
