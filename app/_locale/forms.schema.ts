import { z } from "zod";
import { LOCALES } from "@/lib/shared/locale";

export const LanguageForm = z.object({ locale: z.enum(LOCALES) });
