import "server-only";
import { log } from "@/lib/platform/log";
import { mailsAreReadable } from "@/lib/platform/mail/readable-mail";
import type { SmsSender } from "@/lib/platform/sms/sms-sender";

/**
 * For a machine of one's own: a message stays in the outbox, whose newest are read at
 * /dev/mail, and the log says that one is there, not to whom and not what (ATK-66).
 */
export const devMailSender: SmsSender = {
  name: "dev-mail",
  isSetUp: mailsAreReadable,
  readAt: "dev-mail",
  async send({ kind }) {
    log.info("a text message can be read at /dev/mail", { action: kind });
  },
};
