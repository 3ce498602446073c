import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";
import type { SwitchedOffFor } from "@/lib/webhooks/webhook.schema";

export const webhookSwitchedOffMail =
  (id: string, name: string, reason: SwitchedOffFor): MailDraft =>
  (t) => ({
    subject: t("webhookOff.subject"),
    paragraphs: [t(`webhookOff.${reason}`), t("webhookOff.second")],
    facts: [[t("facts.webhook"), name]],
    action: {
      label: t("webhookOff.action"),
      url: new URL(`/admin/webhooks/${id}`, getConfig().appUrl).href,
    },
  });
