import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

export const signInCodeMail = (code: string): MailContent => ({
  subject: `${code} is your sign-in code`,
  heading: "Your sign-in code",
  paragraphs: [
    "Enter this code where you are signing in. It works once, within ten minutes, in the browser that asked for it.",
  ],
  code,
  closing:
    "Never tell it to anybody. If you did not ask for it, ignore this mail: without the code nobody is in.",
});

export const signInLinkMail = (secret: string): MailContent => ({
  subject: "Your sign-in link",
  paragraphs: ["This link signs you in. It works once, within ten minutes."],
  action: {
    label: "Sign in",
    url: new URL(`/sign-in/link?token=${secret}`, getConfig().appUrl).href,
  },
  closing: "If you did not ask for it, ignore this mail, and do not pass it on.",
});

export const noSuchAccountMail = (): MailContent => ({
  subject: "No account with this address",
  paragraphs: [
    "Somebody, hopefully you, wanted to sign in with this email address, but it has no account.",
    "Perhaps you signed up with another one. If it was not you, ignore this mail.",
  ],
});
