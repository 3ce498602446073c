import "server-only";
import { z } from "zod";
import { getConfig, isLoopbackHost } from "@/lib/platform/config";
import { findMessageHtml, listNewestMessages } from "@/lib/platform/outbox/outbox-store";

const COUNT = 50;

/**
 * True where mails may be read in the browser: no SMTP server, and an APP_URL
 * that only this machine can open. Mails hold links that sign people in, so
 * everywhere else the answer is no.
 */
export function mailsAreReadable(): boolean {
  const { mail, loopback, trustedProxies } = getConfig();
  return mail.smtpUrl === null && loopback && trustedProxies === 0;
}

/**
 * True where this request may read them. `host` is the Host that was asked for: a site whose
 * name was pointed at this machine is not this machine's owner (DNS rebinding).
 */
export const mayReadMails = (host: string | null): boolean =>
  mailsAreReadable() && isLoopbackHost(host);

/** The newest mails and text messages, or null where they may not be read. */
export const listReadableMails = async (host: string | null) =>
  mayReadMails(host) ? listNewestMessages(COUNT) : null;

const isId = (text: string): boolean => z.uuid().safeParse(text).success;

/** What one mail looks like, or null where it may not be read or is none. */
export const findReadableMailHtml = async (host: string | null, id: string) =>
  mayReadMails(host) && isId(id) ? findMessageHtml(id) : null;
