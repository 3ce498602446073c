import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";

// Links are built from APP_URL alone, never from a request's Host (ATK-36).
const link = (path: string): string => new URL(path, getConfig().appUrl).href;

export const confirmEmailMail =
  (secret: string): MailDraft =>
  (t) => ({
    subject: t("confirmEmail.subject"),
    paragraphs: [t("confirmEmail.first"), t("confirmEmail.second")],
    action: { label: t("confirmEmail.action"), url: link(`/verify-email?token=${secret}`) },
  });

export const addressTakenMail = (): MailDraft => (t) => ({
  subject: t("addressTaken.subject"),
  paragraphs: [t("addressTaken.first"), t("addressTaken.second")],
  action: { label: t("addressTaken.action"), url: link("/reset-password") },
});

export const resetPasswordMail =
  (secret: string): MailDraft =>
  (t) => ({
    subject: t("resetPassword.subject"),
    paragraphs: [t("resetPassword.first"), t("resetPassword.second")],
    action: { label: t("resetPassword.action"), url: link(`/reset-password?token=${secret}`) },
  });

export const noAccountMail = (): MailDraft => (t) => ({
  subject: t("noAccount.subject"),
  paragraphs: [t("noAccount.first"), t("noAccount.second")],
});

export const passwordChangedMail = (): MailDraft => (t) => ({
  subject: t("passwordChanged.subject"),
  paragraphs: [t("passwordChanged.first"), t("passwordChanged.second")],
  action: { label: t("passwordChanged.action"), url: link("/reset-password") },
});

export const invitationMail =
  (secret: string): MailDraft =>
  (t) => ({
    subject: t("invitation.subject"),
    paragraphs: [t("invitation.first"), t("invitation.second")],
    action: { label: t("invitation.action"), url: link(`/reset-password?token=${secret}`) },
  });

/** Name and address were typed by people: shown apart, where they cannot pass for sentences of ours. */
export const organizationInvitationMail =
  (organization: string, inviter: string, secret: string): MailDraft =>
  (t) => ({
    subject: t("organizationInvitation.subject"),
    paragraphs: [t("organizationInvitation.first"), t("organizationInvitation.second")],
    facts: [
      [t("facts.organization"), organization],
      [t("facts.invitedBy"), inviter],
    ],
    action: {
      label: t("organizationInvitation.action"),
      url: link(`/invitations?token=${secret}`),
    },
  });

/** As arguments of messages can be named. */
const FACTOR_NAMES: Record<string, string> = {
  "sms-code": "smsCode",
  "recovery-code": "recoveryCode",
};

export const factorChangedMail =
  ({
    factor,
    change,
    label,
  }: {
    factor: string;
    change: "added" | "replaced" | "removed";
    label?: string;
  }): MailDraft =>
  (t) => {
    const name = t("factor.names", { factor: FACTOR_NAMES[factor] ?? factor });
    return {
      subject: t("factor.subject", { name, change }),
      paragraphs: [t("factor.first", { name, change }), t("factor.second")],
      // Typed by whoever changed it: shown apart, where it cannot pass for a sentence of ours.
      ...(label && { facts: [[t("facts.name"), label]] }),
      action: { label: t("factor.action"), url: link("/account/security") },
    };
  };

/** To the address of an identity, where it is not that of the account. */
export const identityLinkedMail =
  (provider: string): MailDraft =>
  (t) => ({
    subject: t("identityLinked.subject", { provider }),
    paragraphs: [t("identityLinked.first", { provider }), t("identityLinked.second", { provider })],
  });

export const factorsResetMail = (): MailDraft => (t) => ({
  subject: t("factorsReset.subject"),
  paragraphs: [t("factorsReset.first"), t("factorsReset.second")],
  action: { label: t("factorsReset.action"), url: link("/account/security") },
});

export const newDeviceMail =
  (device: string, ip: string | null, secret: string): MailDraft =>
  (t) => ({
    subject: t("newDevice.subject"),
    paragraphs: [t("newDevice.first"), t("newDevice.second")],
    facts: [
      [t("facts.device"), device],
      ...(ip === null ? [] : [[t("facts.networkAddress"), ip] as [string, string]]),
    ],
    action: { label: t("newDevice.action"), url: link(`/not-me?token=${secret}`) },
  });
