import "server-only";
import type { Translator } from "@/lib/platform/locale/translator";
import type { MailContent } from "@/lib/platform/mail/render-mail";
import type { Locale } from "@/lib/shared/locale";

/** A mail before it is known in which language its recipient reads. */
export type MailDraft = (t: Translator<"mail">, locale: Locale) => MailContent;
