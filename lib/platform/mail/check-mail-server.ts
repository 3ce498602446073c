import "server-only";
import { createTransport } from "nodemailer";
import { getConfig } from "@/lib/platform/config";

const TIMEOUT_MS = 5_000;

/** What keeps mails from being sent, in words, or null: connects, and signs in where SMTP_URL says how. Sends nothing. */
export async function checkMailServer(): Promise<string | null> {
  const { smtpUrl } = getConfig().mail;
  if (smtpUrl === null) return null;
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    dnsTimeout: TIMEOUT_MS,
  });
  try {
    await transport.verify();
    return null;
  } catch (error) {
    // The address without what it says to sign in with.
    const { host } = new URL(smtpUrl);
    return `Nothing can be sent by ${host} of SMTP_URL: ${error instanceof Error ? error.message : "it failed"}.`;
  } finally {
    transport.close();
  }
}
