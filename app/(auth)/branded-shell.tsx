import type { ComponentProps } from "react";
import { findCaller } from "@/app/_http/caller";
import { findNamedOrganization } from "@/app/_http/named-organization";
import { findKeptInvitation } from "@/app/(auth)/invitations/invitation-cookie";
import { AuthShell } from "@/components/layout/auth-shell";
import { findLook, type NamedOrganization } from "@/lib/branding/find-look";
import { inspectInvitation } from "@/lib/invitations/accept-invitation";
import { ORGANIZATION_FIELD, organizationSlug } from "@/lib/shared/organization-slug";

interface Whose {
  /** What the page is about says it, as an invitation does. */
  organizationId?: string;
  /** What the page's address says. */
  org?: unknown;
  /** Of whoever is on the way in. */
  email?: string | null;
}

/**
 * Whose look a page on the way in has: that of what it is about, else of who is named in its address,
 * of the session, of the invitation that somebody came by, of who was named before on this way, and of
 * whoever has shown that the address's domain is theirs (F134).
 */
async function namedBy({ organizationId, org, email }: Whose): Promise<NamedOrganization | null> {
  if (organizationId !== undefined) return { id: organizationId };
  const asked = organizationSlug(org);
  if (asked !== null) return { slug: asked };
  const caller = await findCaller();
  if (caller !== null) return { id: caller.principal.organizationId };
  const token = await findKeptInvitation();
  const invitation = token === undefined ? null : await inspectInvitation(token, null);
  if (invitation?.state === "pending") return { id: invitation.organizationId };
  const kept = await findNamedOrganization();
  if (kept !== null) return { slug: kept };
  return email ? { domain: email.slice(email.lastIndexOf("@") + 1) } : null;
}

/** The look of a page on the way in; a page that asks the database for more begins with it at once. */
export const lookOf = async (whose: Whose) => findLook(await namedBy(whose));

/** The frame of every page on the way in, in the look of the organization that it leads to. */
export async function BrandedShell({
  organizationId,
  org,
  email,
  ...props
}: Whose & Omit<ComponentProps<typeof AuthShell>, "look">) {
  const whose = { org, email, ...(organizationId !== undefined && { organizationId }) };
  return <AuthShell {...props} look={await lookOf(whose)} />;
}

/** Names the organization of the page's address in a form of it, for the rest of the way. */
export function NamedOrganizationField({ org }: { org: unknown }) {
  const slug = organizationSlug(org);
  return slug === null ? null : <input type="hidden" name={ORGANIZATION_FIELD} value={slug} />;
}
