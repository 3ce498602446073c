/** What names an organization in the address of a page on the way in, and in the forms there. */
export const ORGANIZATION_FIELD = "org";

export const SLUG_LENGTH_MAX = 40;
export const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** The short name that this is, as far as its form says; null for anything else. */
export const organizationSlug = (candidate: unknown): string | null =>
  typeof candidate === "string" && candidate.length <= SLUG_LENGTH_MAX && SLUG.test(candidate)
    ? candidate
    : null;
