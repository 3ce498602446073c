import "server-only";
import { findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { hours } from "@/lib/shared/duration";
import { ORGANIZATION_FIELD, organizationSlug } from "@/lib/shared/organization-slug";

/** Long enough for a mail to come and be opened. */
const LIFETIME_SECONDS = hours(1);

const COOKIE = "organization";

/**
 * The short name of the organization whose page somebody signs in at, as the browser says it. It
 * chooses a look and decides nothing: anybody can name any.
 */
export const findNamedOrganization = async (): Promise<string | null> =>
  organizationSlug(await findHostCookie(COOKIE));

/** The same in an action; where its form names one, that is kept for the rest of the way in. */
export async function keepNamedOrganization(form: FormData): Promise<string | null> {
  const named = organizationSlug(form.get(ORGANIZATION_FIELD));
  if (named === null) return findNamedOrganization();
  await setHostCookie(COOKIE, named, LIFETIME_SECONDS);
  return named;
}
