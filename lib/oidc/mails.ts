import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

export const tokenReusedMail =
  (clientName: string): MailDraft =>
  (t) => ({
    subject: t("tokenReused.subject"),
    paragraphs: [t("tokenReused.first"), t("tokenReused.second")],
    facts: [[t("facts.app"), clientName]],
    action: {
      label: t("tokenReused.action"),
      url: new URL("/account/security", getConfig().appUrl).href,
    },
  });
