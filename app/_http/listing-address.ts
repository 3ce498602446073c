import "server-only";
import { z } from "zod";

export interface ListingAddress<Listing> {
  listing: Listing;
  /** What was given and could not be used, with the reason as the schema says it: pages have `validationWords`. */
  problems: { name: string; message: string }[];
  cursor: string | undefined;
}

/** Reads what can be used of a list's address. What does not fit narrows nothing, and is told. */
export function parseListingAddress<Schema extends z.ZodObject>(
  schema: Schema,
  search: Record<string, string | string[] | undefined>,
): ListingAddress<z.output<Schema>> {
  const given: Record<string, unknown> = {};
  const problems: ListingAddress<unknown>["problems"] = [];
  for (const name of Object.keys(schema.shape)) {
    const value = search[name];
    if (value === undefined || value === "") continue;
    const parsed = schema.safeParse({ [name]: value });
    // One reason is enough to mend it, and there is always one.
    const reasons = parsed.error?.issues.slice(0, 1) ?? [];
    if (parsed.success) given[name] = value;
    else problems.push(...reasons.map(({ message }) => ({ name, message })));
  }
  const cursor = z.string().safeParse(search["cursor"]);
  return {
    listing: schema.parse(given),
    problems,
    cursor: cursor.success ? cursor.data : undefined,
  };
}

/** An address with those parameters that say something. */
export function listingHref(path: string, parameters: Record<string, string | undefined>): string {
  const query = new URLSearchParams(
    Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();
  return query === "" ? path : `${path}?${query}`;
}
