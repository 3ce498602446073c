import "server-only";
import { listingHref } from "@/app/_http/listing-address";
import type { CoverageListing } from "@/app/admin/coverage/listing.schema";

export const COVERAGE_PATH = "/admin/coverage";

export const coverageHref = (listing: CoverageListing): string =>
  listingHref(COVERAGE_PATH, listing);
