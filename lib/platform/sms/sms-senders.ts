import "server-only";
import { devMailSender } from "@/lib/platform/sms/dev-mail-sender";
import type { SmsSender } from "@/lib/platform/sms/sms-sender";
import { webhookSender } from "@/lib/platform/sms/webhook-sender";

/** Every sender there is, and which goes before which. Adding one is its file and its line here. */
export const SMS_SENDERS: readonly SmsSender[] = [webhookSender, devMailSender];

/** Who sends text messages: the first that is set up; null where there would be no way to read them. */
export const smsSender = (): SmsSender | null =>
  SMS_SENDERS.find((sender) => sender.isSetUp()) ?? null;
