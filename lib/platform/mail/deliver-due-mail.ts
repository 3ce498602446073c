import "server-only";
import { createTransport } from "nodemailer";
import { getConfig } from "@/lib/platform/config";
import { log } from "@/lib/platform/log";
import { claimDueMails, markMailSent, postponeMail } from "@/lib/platform/mail/outbox-store";
import { processSingleton } from "@/lib/platform/process-singleton";
import { hours, minutes, seconds } from "@/lib/shared/duration";

const BATCH_SIZE = 20;
/** Longer than the slowest delivery of a batch. */
const LEASE_SECONDS = minutes(5);

const transport = (url: string) =>
  processSingleton("smtp", () =>
    createTransport({
      url,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    }),
  );

/** 10 seconds, tripling to six hours. */
const retryAfterSeconds = (attempts: number): number =>
  Math.min(hours(6), seconds(10) * 3 ** Math.min(attempts - 1, 10));

/**
 * Sends what the outbox holds and keeps what could not be sent for later.
 * Without an SMTP server it leaves all where it is. Returns how many were sent.
 */
export async function deliverDueMail(): Promise<number> {
  const { smtpUrl, from } = getConfig().mail;
  if (smtpUrl === null) return 0;
  let sent = 0;
  for (const mail of await claimDueMails(BATCH_SIZE, LEASE_SECONDS)) {
    try {
      await transport(smtpUrl).sendMail({
        from,
        to: { name: "", address: mail.recipient },
        // The envelope is given apart, so that no header decides who receives it (ATK-10).
        envelope: { from, to: mail.recipient },
        subject: mail.subject,
        text: mail.text,
        html: mail.html,
      });
      await markMailSent(mail.id);
      sent += 1;
    } catch (error) {
      log.warn("a mail could not be sent", {
        error,
        action: mail.kind,
        count: mail.attempts,
      });
      const message = error instanceof Error ? error.message : "unknown";
      await postponeMail(mail.id, retryAfterSeconds(mail.attempts), message);
    }
  }
  return sent;
}
