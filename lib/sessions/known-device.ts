import "server-only";
import { getConfig } from "@/lib/platform/config";
import { findDevice } from "@/lib/sessions/device-store";

/** Marks a browser, not a session: it opens nothing by itself. */
export const deviceCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_device" : "gatehouse_device";

/** The id of this user's device with that cookie, or null. */
export const findKnownDevice = (
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
): Promise<string | null> => findDevice(userId, tokenHash);
