import "server-only";
import { purgeOldMails } from "@/lib/platform/mail/outbox-store";

const KEEP_DAYS = 30;

/** Deletes mails that were queued long ago; returns how many. */
export const purgeMail = (): Promise<number> => purgeOldMails(KEEP_DAYS);
