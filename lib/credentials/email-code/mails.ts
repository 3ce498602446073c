import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

export const signInCodeMail =
  (code: string): MailDraft =>
  (t) => ({
    subject: t("signInCode.subject", { code }),
    heading: t("signInCode.heading"),
    paragraphs: [t("signInCode.first")],
    code,
    closing: t("signInCode.closing"),
  });

export const signInLinkMail =
  (secret: string): MailDraft =>
  (t) => ({
    subject: t("signInLink.subject"),
    paragraphs: [t("signInLink.first")],
    action: {
      label: t("signInLink.action"),
      url: new URL(`/sign-in/link?token=${secret}`, getConfig().appUrl).href,
    },
    closing: t("signInLink.closing"),
  });

export const noSuchAccountMail = (): MailDraft => (t) => ({
  subject: t("noAccount.subject"),
  paragraphs: [t("noAccount.signIn"), t("noAccount.second")],
});
