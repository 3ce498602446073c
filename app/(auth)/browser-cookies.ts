import "server-only";
import { findDeviceSecret, setDeviceCookie } from "@/lib/authn/device-cookie";
import { UPSTREAM_SIGN_OUT_SECONDS } from "@/lib/federation/upstream-sign-out";
import { isSecret, newSecret } from "@/lib/platform/crypto";
import { findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { days } from "@/lib/shared/duration";
import { HOME_PATH, safeReturnTo } from "@/lib/shared/return-to";

const SIGN_UP_LIFETIME_SECONDS = days(1);

const SIGN_UP = "sign_up";
const RETURN = "return";
const SIGN_OUT = "sign_out";

/** Marks this browser as one that signs in here, for its own budget of attempts. */
export async function ensureDevice(): Promise<void> {
  const present = await findDeviceSecret();
  await setDeviceCookie(isSecret(present) ? present : newSecret());
}

/** Ties a sign-up to the browser that asked for it. */
export async function ensureSignUpBrowser(): Promise<string> {
  const present = await findSignUpBrowser();
  const secret = isSecret(present) ? present : newSecret();
  await setHostCookie(SIGN_UP, secret, SIGN_UP_LIFETIME_SECONDS);
  return secret;
}

export const findSignUpBrowser = (): Promise<string | undefined> => findHostCookie(SIGN_UP);

/**
 * Where this browser goes on once a link has come by mail and somebody has signed in. In the
 * browser and not in the mail: anybody can have a mail sent to somebody else, and must not choose
 * where it leads (ATK-13). An app's request is bound to the browser as well.
 */
export async function keepReturnTo(returnTo: unknown): Promise<void> {
  const path = safeReturnTo(returnTo);
  if (path === HOME_PATH) return forgetReturnTo();
  await setHostCookie(RETURN, path, SIGN_UP_LIFETIME_SECONDS);
}

export const findReturnTo = async (): Promise<string> => safeReturnTo(await findHostCookie(RETURN));

export const forgetReturnTo = (): Promise<void> => setHostCookie(RETURN, "", 0);

/** With it this browser signs out at the provider, too. */
export const setSignOutSecret = (secret: string): Promise<void> =>
  setHostCookie(SIGN_OUT, secret, UPSTREAM_SIGN_OUT_SECONDS);

export const findSignOutSecret = (): Promise<string | undefined> => findHostCookie(SIGN_OUT);
