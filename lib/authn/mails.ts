import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

// Links are built from APP_URL alone, never from a request's Host (ATK-36).
const link = (path: string): string => new URL(path, getConfig().appUrl).href;

export const confirmEmailMail = (secret: string): MailContent => ({
  subject: "Confirm your email address",
  paragraphs: [
    "Somebody, hopefully you, signed up with this email address.",
    "Confirm it within 24 hours to finish. If it was not you, ignore this mail: without your confirmation there is no account.",
  ],
  action: {
    label: "Confirm email address",
    url: link(`/verify-email?token=${secret}`),
  },
});

export const addressTakenMail = (): MailContent => ({
  subject: "You already have an account",
  paragraphs: [
    "Somebody, hopefully you, tried to sign up with this email address, which has an account already.",
    "Sign in with it, or choose a new password if you have forgotten yours. If it was not you, nothing has changed.",
  ],
  action: { label: "Choose a new password", url: link("/reset-password") },
});

export const resetPasswordMail = (secret: string): MailContent => ({
  subject: "Choose a new password",
  paragraphs: [
    "Somebody, hopefully you, asked for a new password for this account.",
    "The link works once, within one hour. If it was not you, ignore this mail: your password stays as it is.",
  ],
  action: {
    label: "Choose a new password",
    url: link(`/reset-password?token=${secret}`),
  },
});

export const noAccountMail = (): MailContent => ({
  subject: "No account with this address",
  paragraphs: [
    "Somebody, hopefully you, asked for a new password, but there is no account with this email address.",
    "Perhaps you signed up with another one. If it was not you, ignore this mail.",
  ],
});

export const passwordChangedMail = (): MailContent => ({
  subject: "Your password was changed",
  paragraphs: [
    "The password of your account was changed just now, and your other sessions were ended.",
    "If it was not you, choose a new password at once.",
  ],
  action: { label: "Choose a new password", url: link("/reset-password") },
});

export const invitationMail = (secret: string): MailContent => ({
  subject: "You are invited",
  paragraphs: [
    "An administrator has created an account for you.",
    "Choose a password within 7 days to start. The link works once.",
  ],
  action: {
    label: "Choose a password",
    url: link(`/reset-password?token=${secret}`),
  },
});

/** Name and address were typed by people: shown apart, where they cannot pass for sentences of ours. */
export const organizationInvitationMail = (
  organization: string,
  inviter: string,
  secret: string,
): MailContent => ({
  subject: "You are invited to an organization",
  paragraphs: [
    "Somebody has invited this email address to work in their organization here.",
    "Accept within 7 days to become a member. If you do not expect this, ignore this mail: nothing happens without you.",
  ],
  facts: [
    ["Organization", organization],
    ["Invited by", inviter],
  ],
  action: { label: "Look at the invitation", url: link(`/invitations?token=${secret}`) },
});

const FACTOR_NAMES: Record<string, string> = {
  passkey: "A passkey",
  password: "A password",
  totp: "An authenticator app",
  "sms-code": "A telephone number",
  "recovery-code": "A set of recovery codes",
  federation: "A connected account",
};

export const factorChangedMail = ({
  factor,
  change,
  label,
}: {
  factor: string;
  change: "added" | "replaced" | "removed";
  label?: string;
}): MailContent => {
  const name = FACTOR_NAMES[factor] ?? "A way to sign in";
  return {
    subject: `${name} was ${change}`,
    paragraphs: [
      `${name} of your account was ${change} just now.`,
      "If it was not you, choose a new password at once and look at what your account can be signed in to with.",
    ],
    // Typed by whoever changed it: shown apart, where it cannot pass for a sentence of ours.
    ...(label && { facts: [["Name", label]] }),
    action: { label: "Review your account", url: link("/account/security") },
  };
};

/** To the address of an identity, where it is not that of the account. */
export const identityLinkedMail = (provider: string): MailContent => ({
  subject: `Your ${provider} account was connected`,
  paragraphs: [
    `Somebody, hopefully you, connected the ${provider} account with this address to an account here, and can sign in with it from now on.`,
    `If it was not you, somebody else can use your ${provider} account: change its password there.`,
  ],
});

export const factorsResetMail = (): MailContent => ({
  subject: "Your second factors were removed",
  paragraphs: [
    "An administrator removed every second factor of your account, and ended your sessions.",
    "Sign in with your password and set up new ones. If you did not ask for this, tell your administrator at once.",
  ],
  action: { label: "Review your account", url: link("/account/security") },
});

export const newDeviceMail = (device: string, ip: string | null, secret: string): MailContent => ({
  subject: "A sign-in from a new device",
  paragraphs: [
    "Your account was signed in to from a device that we have not seen before.",
    "If it was you, there is nothing to do. If it was not, the link below ends every session at once, and mails you a link to choose another password.",
  ],
  facts: [
    ["Device", device],
    ...(ip === null ? [] : [["Network address", ip] as [string, string]]),
  ],
  action: { label: "This was not me", url: link(`/not-me?token=${secret}`) },
});
