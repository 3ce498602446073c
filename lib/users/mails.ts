import "server-only";
import type { MailContent } from "@/lib/platform/mail/render-mail";

/** To the former address, whose owner would otherwise never learn of it. */
export const addressChangedMail = (): MailContent => ({
  subject: "Your email address was changed",
  paragraphs: [
    "An administrator has given your account another email address. You can no longer sign in with this one.",
    "If you did not expect this, ask your administrator.",
  ],
});
