import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

// Links are built from APP_URL alone, never from a request's Host (ATK-36).
const link = (path: string): string => new URL(path, getConfig().appUrl).href;

const dayOf = (at: Date): string => `${at.toISOString().slice(0, 10)} (UTC)`;

export const deletionRequestedMail =
  (dueAt: Date, secret: string): MailDraft =>
  (t) => ({
    subject: t("deletionRequested.subject"),
    paragraphs: [t("deletionRequested.first"), t("deletionRequested.second")],
    facts: [[t("facts.deletedFrom"), dayOf(dueAt)]],
    action: {
      label: t("deletionRequested.action"),
      url: link(`/undo-account-deletion?token=${secret}`),
    },
  });

export const deletionCancelledMail = (): MailDraft => (t) => ({
  subject: t("deletionCancelled.subject"),
  paragraphs: [t("deletionCancelled.first"), t("deletionCancelled.second")],
  action: { label: t("deletionCancelled.action"), url: link("/sign-in") },
});

/** The last one, sent before its address is forgotten. */
export const accountErasedMail = (): MailDraft => (t) => ({
  subject: t("accountErased.subject"),
  paragraphs: [t("accountErased.first"), t("accountErased.second")],
});
