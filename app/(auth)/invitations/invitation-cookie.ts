import "server-only";
import { isSecret } from "@/lib/platform/crypto";
import { findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { days } from "@/lib/shared/duration";

const NAME = "invitation";

/**
 * Keeps the secret of an invitation while whoever opened it signs in or up. In the browser, so
 * that it stands in no address that is passed on or stored, as where to return to is.
 */
export const keepInvitation = (token: string): Promise<void> => setHostCookie(NAME, token, days(1));

export const forgetInvitation = (): Promise<void> => setHostCookie(NAME, "", 0);

export async function findKeptInvitation(): Promise<string | undefined> {
  const value = await findHostCookie(NAME);
  return isSecret(value) ? value : undefined;
}
