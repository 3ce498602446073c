import "server-only";
import { z } from "zod";
import { listingHref } from "@/app/_http/listing-address";
import { ORIGINAL_METHODS } from "@/lib/gateway/original-request";

export const GATEWAY_PATH = "/admin/gateway";

/** What somebody tries: a method, GET where none is chosen, and an address. */
export const GatewayListing = z.object({
  method: z.enum(ORIGINAL_METHODS).optional(),
  address: z.string().min(1).max(2_000).optional(),
});
export type GatewayListing = z.infer<typeof GatewayListing>;

export const gatewayHref = (listing: GatewayListing): string => listingHref(GATEWAY_PATH, listing);
