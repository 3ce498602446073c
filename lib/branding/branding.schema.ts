import { z } from "zod";
import { OrganizationName } from "@/lib/organizations/organization.schema";

/**
 * One line that runs in the direction it seems to: it stands above the field of a password, and in
 * mails (ATK-65).
 */
const ShownName = OrganizationName.regex(
  /^[^\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/,
  "Use one line of text.",
);

/** Nothing but a colour can be said, as it ends up in a style sheet (ATK-65). */
const AccentColour = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^#[0-9a-f]{6}$/, "Write a colour as # and six hexadecimal digits, such as #1f6feb.");

export const Branding = z.strictObject({
  name: ShownName.nullable().describe("Instead of the organization's own name; null for that."),
  accent: AccentColour.nullable().describe(
    "As #rrggbb. What is shown is the nearest tone that can be read; null for the installation's own.",
  ),
});
/** What an organization says of its look. */
export type Branding = z.output<typeof Branding>;

export const BrandingChange = Branding.partial().refine(
  (change) => Object.keys(change).length > 0,
  "Name at least one field to change.",
);
export type BrandingChange = z.output<typeof BrandingChange>;
