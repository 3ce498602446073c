import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { MailContent } from "@/lib/platform/mail/render-mail";

export const tokenCreatedMail = (name: string, scopes: readonly string[]): MailContent => ({
  subject: "A personal access token was made",
  paragraphs: [
    "Somebody, hopefully you, made a personal access token of your account just now. A program that has it acts as you.",
    "If it was not you, revoke it at once and choose a new password.",
  ],
  // Typed by whoever made it: shown apart, where it cannot pass for a sentence of ours.
  facts: [
    ["Name", name],
    ["Scopes", scopes.join(", ")],
  ],
  action: {
    label: "Review your tokens",
    url: new URL("/account/tokens", getConfig().appUrl).href,
  },
});
