import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

// Links are built from APP_URL alone, never from a request's Host (ATK-36).
const link = (path: string): string => new URL(path, getConfig().appUrl).href;

const confirmLink = (secret: string): string => link(`/confirm-email-change?token=${secret}`);

/** To the present address. */
export const confirmOldAddressMail = (newEmail: string, secret: string): MailContent => ({
  subject: "Your email address is to be changed",
  paragraphs: [
    "Somebody, hopefully you, asked to change the email address of your account.",
    "Nothing changes until it is confirmed here and at the new address, within 24 hours. If it was not you, do not confirm: choose another password, which also ends the request.",
  ],
  facts: [["New address", newEmail]],
  action: { label: "Look at the change", url: confirmLink(secret) },
});

/** To the address that is to be the account's. */
export const confirmNewAddressMail = (secret: string): MailContent => ({
  subject: "Confirm your new email address",
  paragraphs: [
    "Somebody, hopefully you, asked to use this address for their account.",
    "Open the link where you are signed in, within 24 hours. If it was not you, ignore this mail: without you nothing changes.",
  ],
  action: { label: "Confirm this address", url: confirmLink(secret) },
});

/** To the same, where it has an account already: the page that asked says nothing of it (ATK-38). */
export const newAddressTakenMail = (): MailContent => ({
  subject: "This address has an account already",
  paragraphs: [
    "Somebody, hopefully you, asked to use this address for another account. It has an account of its own, or had one until a few days ago, so that it cannot be given to another.",
    "Nothing has changed. If it was you, sign in with this address, or choose a new password.",
  ],
  action: { label: "Choose a new password", url: link("/reset-password") },
});

/** To the former address. */
export const emailChangedMail = (newEmail: string, secret: string): MailContent => ({
  subject: "Your email address was changed",
  paragraphs: [
    "Your account has another email address from now on. You can no longer sign in with this one.",
    "If it was you, there is nothing to do. If it was not, the link below takes the account back within 7 days: it restores this address, ends every session and mails you a link to choose another password.",
  ],
  facts: [["New address", newEmail]],
  action: { label: "This was not me", url: link(`/undo-email-change?token=${secret}`) },
});
