import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { type MailContent, renderMail } from "@/lib/platform/mail/render-mail";
import { insertMessage } from "@/lib/platform/outbox/outbox-store";
import { canonicalEmail } from "@/lib/shared/email.schema";

/**
 * Queues a mail in the caller's transaction: it is sent exactly when the change
 * that causes it is committed, also across a crash. `recipient` is the stored
 * address, never what a request carries. What a mail server could read as two
 * addresses, or as another, is never stored and is a defect here (ATK-10).
 */
export async function enqueueMail(
  kind: string,
  recipient: string,
  content: MailContent,
  tx: Db,
): Promise<void> {
  if (canonicalEmail(recipient) !== recipient) throw new Error("a mail to what is no address");
  await insertMessage({ channel: "mail", kind, recipient, ...(await renderMail(content)) }, tx);
}
