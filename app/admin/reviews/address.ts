import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { ItemListing, ReviewListing } from "@/lib/access-reviews/access-review.schema";

export const REVIEWS_PATH = "/admin/reviews";
export const NEW_PATH = `${REVIEWS_PATH}/new`;

export const reviewPath = (id: string): string => `${REVIEWS_PATH}/${encodeURIComponent(id)}`;
export const evidencePath = (id: string): string => `${reviewPath(id)}/evidence`;

export const reviewsHref = (listing: ReviewListing, cursor?: string): string =>
  listingHref(REVIEWS_PATH, { ...listing, cursor });

/** The items of a review as they are narrowed; `view` is whose. */
export const itemsHref = (
  id: string,
  listing: ItemListing & { view?: string | undefined },
  cursor?: string,
): string => listingHref(reviewPath(id), { ...listing, cursor });
