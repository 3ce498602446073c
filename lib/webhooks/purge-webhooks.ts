import "server-only";
import { purgeDeliveries } from "@/lib/webhooks/delivery-store";
import { dropFormerSecrets } from "@/lib/webhooks/endpoint-store";

const KEEP_DAYS = 30;

/** Deletes messages whose time in the log is over, and secrets that sign no more; returns how many. */
export const purgeWebhooks = async (): Promise<number> =>
  (await purgeDeliveries(KEEP_DAYS)) + (await dropFormerSecrets());
