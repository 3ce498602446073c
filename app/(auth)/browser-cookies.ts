import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { isSecret, newSecret } from "@/lib/platform/crypto";
import { deviceCookieName } from "@/lib/sessions/known-device";
import { days } from "@/lib/shared/duration";

const DEVICE_LIFETIME_SECONDS = days(400);
const SIGN_UP_LIFETIME_SECONDS = days(1);

const signUpCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_sign_up" : "gatehouse_sign_up";

/** The secret in a cookie of this browser; made and set where it is missing. */
async function ensureSecret(name: string, maxAge: number): Promise<string> {
  const store = await cookies();
  const present = store.get(name)?.value;
  const secret = isSecret(present) ? present : newSecret();
  store.set(name, secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge,
  });
  return secret;
}

/** Marks this browser as one that signs in here, for its own budget of attempts. */
export const ensureDevice = (): Promise<string> =>
  ensureSecret(deviceCookieName(), DEVICE_LIFETIME_SECONDS);

/** Ties a sign-up to the browser that asked for it. */
export const ensureSignUpBrowser = (): Promise<string> =>
  ensureSecret(signUpCookieName(), SIGN_UP_LIFETIME_SECONDS);

export const findSignUpBrowser = async (): Promise<string | undefined> =>
  (await cookies()).get(signUpCookieName())?.value;

export const findDeviceSecret = async (): Promise<string | undefined> =>
  (await cookies()).get(deviceCookieName())?.value;
