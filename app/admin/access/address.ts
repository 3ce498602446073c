import "server-only";
import { z } from "zod";
import { listingHref } from "@/app/_http/listing-address";

export const ACCESS_PATH = "/admin/access";

const Text = z
  .string()
  .trim()
  .min(1)
  .max(200, "That is too long.")
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), "Use one line of text.");

/** Whom the report is about, as its address says it. */
export const AccessListing = z.object({
  permission: Text.optional(),
  record: Text.optional(),
  type: z.enum(["user", "service"], "Choose users or service accounts.").optional(),
});
export type AccessListing = z.output<typeof AccessListing>;

export const accessHref = (listing: AccessListing, cursor?: string): string =>
  listingHref(ACCESS_PATH, { ...listing, cursor });

/** The same as a file. */
export const holdersFileHref = (listing: AccessListing): string =>
  listingHref("/api/v1/access/holders.csv", { ...listing });

export const userAccessPath = (id: string): string =>
  `/admin/users/${encodeURIComponent(id)}/access`;
