import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

export const tokenReusedMail = (clientName: string): MailContent => ({
  subject: "A sign-in was ended for your safety",
  paragraphs: [
    "A key that keeps you signed in was used twice, which happens when somebody has copied it. We have ended that sign-in, for the copy and for you.",
    "Sign in again where you were signed out. If this happens again, look at your devices and your passwords.",
  ],
  facts: [["App", clientName]],
  action: {
    label: "Review your account",
    url: new URL("/account/security", getConfig().appUrl).href,
  },
});
