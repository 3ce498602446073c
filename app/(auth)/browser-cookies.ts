import "server-only";
import { cookies } from "next/headers";
import { findDeviceSecret, setDeviceCookie } from "@/lib/authn/device-cookie";
import { UPSTREAM_SIGN_OUT_SECONDS } from "@/lib/federation/upstream-sign-out";
import { getConfig } from "@/lib/platform/config";
import { isSecret, newSecret } from "@/lib/platform/crypto";
import { days } from "@/lib/shared/duration";

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
