import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { DeliveryState } from "@/lib/webhooks/webhook.schema";

export const WEBHOOKS_PATH = "/admin/webhooks";
export const NEW_WEBHOOK_PATH = `${WEBHOOKS_PATH}/new`;

export const webhookPath = (id: string): string => `${WEBHOOKS_PATH}/${id}`;

/** The page of one with its messages as they are narrowed, at a cursor or at their start. */
export const deliveriesHref = (
  id: string,
  listing: { state?: DeliveryState | undefined },
  cursor?: string,
): string => listingHref(webhookPath(id), { ...listing, cursor });

/** The same in the API. */
export const deliveriesApiHref = (
  id: string,
  listing: { state?: DeliveryState | undefined },
  cursor: string | undefined,
  limit: number,
): string =>
  listingHref(`/api/v1/webhooks/${encodeURIComponent(id)}/deliveries`, {
    ...listing,
    cursor,
    limit: String(limit),
  });
