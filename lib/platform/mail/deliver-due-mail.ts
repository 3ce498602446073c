import "server-only";
import { createTransport } from "nodemailer";
import { getConfig } from "@/lib/platform/config";
import { deliverDue } from "@/lib/platform/outbox/deliver-due";
import { processSingleton } from "@/lib/platform/process-singleton";

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

/** Sends the mails that are due. Without an SMTP server it leaves all where they are. */
export async function deliverDueMail(): Promise<number> {
  const { smtpUrl, from } = getConfig().mail;
  if (smtpUrl === null) return 0;
  return deliverDue("mail", ({ recipient, subject, text, html }) =>
    transport(smtpUrl).sendMail({
      from,
      to: { name: "", address: recipient },
      // The envelope is given apart, so that no header decides who receives it (ATK-10).
      envelope: { from, to: recipient },
      subject,
      text,
      html,
    }),
  );
}
