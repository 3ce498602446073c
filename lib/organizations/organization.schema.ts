import { z } from "zod";
import { SLUG, SLUG_LENGTH_MAX } from "@/lib/shared/organization-slug";
import { SearchText } from "@/lib/shared/search.schema";

/** One line, as it stands in menus and mails. */
export const OrganizationName = z
  .string()
  .trim()
  .normalize("NFC")
  .min(1, "Enter a name.")
  .max(60, "Use at most 60 characters.")
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, "Use one line of text.")
  .refine((text) => text.isWellFormed(), "Use valid text.");

/** The short name by which apps and addresses tell organizations apart. */
export const OrganizationSlug = z
  .string()
  .trim()
  .min(2, "Use at least 2 characters.")
  .max(SLUG_LENGTH_MAX, `Use at most ${SLUG_LENGTH_MAX} characters.`)
  .regex(SLUG, "Use lower-case letters, digits and single hyphens between them.");

export const NewOrganization = z.strictObject({ name: OrganizationName, slug: OrganizationSlug });
export type NewOrganization = z.infer<typeof NewOrganization>;

export const OrganizationChange = z
  .strictObject({ name: OrganizationName.optional(), slug: OrganizationSlug.optional() })
  .refine((change) => Object.keys(change).length > 0, "Name at least one field to change.");
export type OrganizationChange = z.infer<typeof OrganizationChange>;

/** What narrows a list of organizations, or of the members of one, as its address says it. */
export const Search = z.strictObject({ q: SearchText.optional() });
export type Search = z.infer<typeof Search>;
