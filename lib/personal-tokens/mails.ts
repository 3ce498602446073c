import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

export const tokenCreatedMail =
  (name: string, scopes: readonly string[]): MailDraft =>
  (t) => ({
    subject: t("tokenCreated.subject"),
    paragraphs: [t("tokenCreated.first"), t("tokenCreated.second")],
    facts: [
      // Typed by whoever made it: shown apart, where it cannot pass for a sentence of ours.
      [t("facts.name"), name],
      [t("facts.scopes"), scopes.join(", ")],
    ],
    action: {
      label: t("tokenCreated.action"),
      url: new URL("/account/tokens", getConfig().appUrl).href,
    },
  });
