import "server-only";
import { getConfig } from "@/lib/platform/config";
import { mailsAreReadable } from "@/lib/platform/mail/readable-mail";

/**
 * Who sends text messages: the webhook of the configuration, or nobody where they
 * are read at /dev/mail instead; null where there would be no way to read them.
 */
export function smsSender(): "webhook" | "dev-mail" | null {
  if (getConfig().sms.webhook !== null) return "webhook";
  return mailsAreReadable() ? "dev-mail" : null;
}
