import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

// Links are built from APP_URL alone, never from a request's Host (ATK-36).
const link = (path: string): string => new URL(path, getConfig().appUrl).href;

const confirmLink = (secret: string): string => link(`/confirm-email-change?token=${secret}`);

/** To the present address. */
export const confirmOldAddressMail =
  (newEmail: string, secret: string): MailDraft =>
  (t) => ({
    subject: t("emailChangeOld.subject"),
    paragraphs: [t("emailChangeOld.first"), t("emailChangeOld.second")],
    facts: [[t("facts.newAddress"), newEmail]],
    action: { label: t("emailChangeOld.action"), url: confirmLink(secret) },
  });

/** To the address that is to be the account's. */
export const confirmNewAddressMail =
  (secret: string): MailDraft =>
  (t) => ({
    subject: t("emailChangeNew.subject"),
    paragraphs: [t("emailChangeNew.first"), t("emailChangeNew.second")],
    action: { label: t("emailChangeNew.action"), url: confirmLink(secret) },
  });

/** To the same, where it has an account already: the page that asked says nothing of it (ATK-38). */
export const newAddressTakenMail = (): MailDraft => (t) => ({
  subject: t("newAddressTaken.subject"),
  paragraphs: [t("newAddressTaken.first"), t("newAddressTaken.second")],
  action: { label: t("newAddressTaken.action"), url: link("/reset-password") },
});

/** To the former address. */
export const emailChangedMail =
  (newEmail: string, secret: string): MailDraft =>
  (t) => ({
    subject: t("emailChanged.subject"),
    paragraphs: [t("emailChanged.first"), t("emailChanged.second")],
    facts: [[t("facts.newAddress"), newEmail]],
    action: { label: t("emailChanged.action"), url: link(`/undo-email-change?token=${secret}`) },
  });
