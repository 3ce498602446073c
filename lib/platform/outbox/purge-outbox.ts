import "server-only";
import { purgeOldMessages } from "@/lib/platform/outbox/outbox-store";

const KEEP_DAYS = 30;

/** Deletes messages that were queued long ago; returns how many. */
export const purgeOutbox = (): Promise<number> => purgeOldMessages(KEEP_DAYS);
