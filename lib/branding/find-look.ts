import "server-only";
import { findLogoContent } from "@/lib/branding/logo-store";
import { findLookRow, type NamedOrganization } from "@/lib/branding/look-store";
import { isUnavailable } from "@/lib/platform/db/errors";
import { isId } from "@/lib/shared/id.schema";
import type { Look } from "@/lib/shared/look";

export type { NamedOrganization };

/**
 * The look of a page that somebody signs in at, or null for the installation's own. Nobody learns by
 * it whether an organization exists that has chosen none (ATK-38). A page without a look is better
 * than none while the database cannot say.
 */
export async function findLook(named: NamedOrganization | null): Promise<Look | null> {
  try {
    return await findLookRow(named);
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return null;
  }
}

/** A logo, for everybody; null for any other organization, and for a former logo. */
export const findLogo = async (organizationId: string, digest: string) =>
  isId(organizationId) && /^[0-9a-f]{64}$/.test(digest)
    ? findLogoContent(organizationId, new Uint8Array(Buffer.from(digest, "hex")))
    : null;
