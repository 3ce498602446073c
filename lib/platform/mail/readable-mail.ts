import "server-only";
import { getConfig, isLoopbackHost } from "@/lib/platform/config";
import { listNewestMails } from "@/lib/platform/mail/outbox-store";

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
 * The newest mails, or null where they may not be read. `host` is the Host that
 * was asked for: a site whose name was pointed at this machine is not this
 * machine's owner (DNS rebinding).
 */
export async function listReadableMails(host: string | null) {
  return mailsAreReadable() && isLoopbackHost(host) ? listNewestMails(COUNT) : null;
}
