import type { Scheme } from "@/lib/shared/accent";

/** How an organization is shown to whoever signs in. */
export interface Look {
  organizationId: string;
  name: string;
  /** `#rrggbb`, as it was chosen; null for the installation's own. */
  accent: string | null;
  /** Digests of the logos there are; dark windows show the light one where they have none. */
  logos: Partial<Record<Scheme, string>>;
}

/** What is derived from a colour; another derivation is another address, as the former may be kept for good. */
const DERIVATION = 1;

/** A style sheet that is made of the colour alone: it tells nothing of who uses it. */
export const accentStylesHref = (accent: string): string =>
  `/api/v1/branding/accents/${DERIVATION}-${accent.slice(1)}`;

/** The class in which that style sheet holds: it stays in the page when people go on from it. */
export const accentClass = (accent: string): string => `accent-${accent.slice(1)}`;

/** The colour of such an address; null for any other. */
export const accentOfStyles = (name: string): string | null => {
  const digits = new RegExp(`^${DERIVATION}-([0-9a-f]{6})$`).exec(name)?.[1];
  return digits === undefined ? null : `#${digits}`;
};

export const logoHref = (organizationId: string, digest: string): string =>
  `/api/v1/branding/logos/${organizationId}/${digest}`;
