import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { insertMail } from "@/lib/platform/mail/outbox-store";
import { type MailContent, renderMail } from "@/lib/platform/mail/render-mail";

/**
 * Queues a mail in the caller's transaction: it is sent exactly when the change
 * that causes it is committed, also across a crash. `recipient` is the stored
 * address, never what a request carries (ATK-10).
 */
export async function enqueueMail(
  kind: string,
  recipient: string,
  content: MailContent,
  tx: Db,
): Promise<void> {
  await insertMail({ kind, recipient, ...(await renderMail(content)) }, tx);
}
