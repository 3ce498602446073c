import "server-only";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

/** To the former address, whose owner would otherwise never learn of it. */
export const addressChangedMail = (): MailDraft => (t) => ({
  subject: t("emailChanged.subject"),
  paragraphs: [t("addressChanged.first"), t("addressChanged.second")],
});
