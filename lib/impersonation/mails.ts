import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

const instant = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** To whom somebody acted as, once that is over. Who it was is for the organization to say. */
export const impersonatedMail =
  ({
    organizationName,
    reason,
    startedAt,
    endedAt,
  }: {
    organizationName: string;
    reason: string;
    startedAt: Date;
    endedAt: Date;
  }): MailDraft =>
  (t) => ({
    subject: t("impersonated.subject"),
    paragraphs: [t("impersonated.first"), t("impersonated.second")],
    // Typed by the administrator: shown apart, where it cannot pass for a sentence of ours.
    facts: [
      [t("facts.organization"), organizationName],
      [t("facts.reason"), reason],
      [t("facts.from"), instant(startedAt)],
      [t("facts.until"), instant(endedAt)],
    ],
    action: {
      label: t("impersonated.action"),
      url: new URL("/account/activity", getConfig().appUrl).href,
    },
  });
