import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { deviceCookieName } from "@/lib/sessions/known-device";
import { days } from "@/lib/shared/duration";

const LIFETIME_SECONDS = days(400);

export const findDeviceSecret = async (): Promise<string | undefined> =>
  (await cookies()).get(deviceCookieName())?.value;

/** Marks this browser; it opens nothing by itself. */
export async function setDeviceCookie(secret: string): Promise<void> {
  (await cookies()).set(deviceCookieName(), secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: LIFETIME_SECONDS,
  });
}
