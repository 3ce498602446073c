import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { languageOfReader } from "@/lib/platform/locale/language-of-reader";
import { translatorFor } from "@/lib/platform/locale/translator";
import { findMailBrand, type MailSender } from "@/lib/platform/mail/brand-store";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";
import { renderMail } from "@/lib/platform/mail/render-mail";
import { insertMessage } from "@/lib/platform/outbox/outbox-store";
import type { RequestFacts } from "@/lib/shared/caller";
import { canonicalEmail } from "@/lib/shared/email.schema";
import type { Locale } from "@/lib/shared/locale";

export interface MailTerms {
  /** For what holds a code or a link that ends: it is not sent after that. */
  lifetimeSeconds?: number | undefined;
  /** The language of the request which causes it, for a reader who has set none. */
  asked?: Locale | undefined;
  /** In whose look it is; left out for the installation's own. */
  sender?: MailSender | undefined;
}

/** What the request that causes a mail says of its language and its look. */
export const askedBy = ({
  locale,
  organization,
}: Pick<RequestFacts, "locale" | "organization">): Pick<MailTerms, "asked" | "sender"> => ({
  asked: locale,
  ...(organization !== undefined && { sender: { slug: organization } }),
});

/**
 * Queues a mail in the caller's transaction: it is sent exactly when the change
 * that causes it is committed, also across a crash. `recipient` is the stored
 * address, never what a request carries. What a mail server could read as two
 * addresses, or as another, is never stored and is a defect here (ATK-10).
 * It is written in the language that its reader has set, else in the one that was asked in.
 */
export async function enqueueMail(
  kind: string,
  recipient: string,
  draft: MailDraft,
  tx: Db,
  { asked, lifetimeSeconds, sender }: MailTerms = {},
): Promise<void> {
  if (canonicalEmail(recipient) !== recipient) throw new Error("a mail to what is no address");
  const locale = await languageOfReader({ email: recipient }, tx, asked);
  const content = draft(await translatorFor(locale, "mail"), locale);
  const message = { channel: "mail", kind, recipient } as const;
  await insertMessage(
    {
      ...message,
      ...(await renderMail(content, locale, await findMailBrand(sender, tx))),
      ...(lifetimeSeconds !== undefined && { lifetimeSeconds }),
    },
    tx,
  );
}
