import "server-only";
import { cookies } from "next/headers";
import { findDeviceSecret, setDeviceCookie } from "@/lib/authn/device-cookie";
import { UPSTREAM_SIGN_OUT_SECONDS } from "@/lib/federation/upstream-sign-out";
import { getConfig } from "@/lib/platform/config";
import { isSecret, newSecret } from "@/lib/platform/crypto";
import { days } from "@/lib/shared/duration";
import { HOME_PATH, safeReturnTo } from "@/lib/shared/return-to";

const SIGN_UP_LIFETIME_SECONDS = days(1);

const signUpCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_sign_up" : "gatehouse_sign_up";

/** Marks this browser as one that signs in here, for its own budget of attempts. */
export async function ensureDevice(): Promise<void> {
  const present = await findDeviceSecret();
  await setDeviceCookie(isSecret(present) ? present : newSecret());
}

/** Ties a sign-up to the browser that asked for it. */
export async function ensureSignUpBrowser(): Promise<string> {
  const present = await findSignUpBrowser();
  const secret = isSecret(present) ? present : newSecret();
  (await cookies()).set(signUpCookieName(), secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: SIGN_UP_LIFETIME_SECONDS,
  });
  return secret;
}

export const findSignUpBrowser = async (): Promise<string | undefined> =>
  (await cookies()).get(signUpCookieName())?.value;

const returnCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_return" : "gatehouse_return";

/**
 * Where this browser goes on once a link has come by mail and somebody has signed in. In the
 * browser and not in the mail: anybody can have a mail sent to somebody else, and must not choose
 * where it leads (ATK-13). An app's request is bound to the browser as well.
 */
export async function keepReturnTo(returnTo: unknown): Promise<void> {
  const path = safeReturnTo(returnTo);
  if (path === HOME_PATH) return forgetReturnTo();
  (await cookies()).set(returnCookieName(), path, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: SIGN_UP_LIFETIME_SECONDS,
  });
}

export const findReturnTo = async (): Promise<string> =>
  safeReturnTo((await cookies()).get(returnCookieName())?.value);

export async function forgetReturnTo(): Promise<void> {
  (await cookies()).set(returnCookieName(), "", {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: 0,
  });
}

const signOutCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_sign_out" : "gatehouse_sign_out";

/** With it this browser signs out at the provider, too. */
export const setSignOutSecret = async (secret: string): Promise<void> => {
  (await cookies()).set(signOutCookieName(), secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: UPSTREAM_SIGN_OUT_SECONDS,
  });
};

export const findSignOutSecret = async (): Promise<string | undefined> =>
  (await cookies()).get(signOutCookieName())?.value;
