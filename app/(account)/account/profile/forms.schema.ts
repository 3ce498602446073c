import { z } from "zod";
import { Email } from "@/lib/shared/email.schema";
import { LanguageSetting } from "@/lib/users/language.schema";

export const EmailForm = z.object({ email: Email });

export const Nothing = z.object({});

/** The empty choice of a select is none. */
const orNone = (value: unknown): unknown => (value === "" ? null : value);

export const LanguageForm = z.object({
  locale: z.preprocess(orNone, LanguageSetting.shape.locale),
  timeZone: z.preprocess(orNone, LanguageSetting.shape.timeZone),
});
