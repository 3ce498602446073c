import "server-only";
import { findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { DEVICE_COOKIE } from "@/lib/sessions/known-device";
import { days } from "@/lib/shared/duration";

const LIFETIME_SECONDS = days(400);

export const findDeviceSecret = (): Promise<string | undefined> => findHostCookie(DEVICE_COOKIE);

/** Marks this browser; it opens nothing by itself. */
export const setDeviceCookie = (secret: string): Promise<void> =>
  setHostCookie(DEVICE_COOKIE, secret, LIFETIME_SECONDS);
