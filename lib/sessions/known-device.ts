import "server-only";
import { hashSecret, isSecret, newSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { hostCookieName } from "@/lib/platform/http/host-cookie-name";
import {
  clearTrust,
  findDevice,
  isTrusted,
  markDeviceOfForgotten,
  markForgotten,
  replaceToken,
} from "@/lib/sessions/device-store";

/** Marks a browser, not a session: it opens nothing by itself. */
export const DEVICE_COOKIE = "device";
export const deviceCookieName = (): string => hostCookieName(DEVICE_COOKIE);

/** The id of this user's device with that cookie, or null. */
export const findKnownDevice = (
  userId: string,
  tokenHash: Uint8Array<ArrayBuffer>,
  db?: Db,
): Promise<string | null> => findDevice(userId, tokenHash, db);

/** True while this device is spared the second factor (F21). */
export const isTrustedDevice = (deviceId: string): Promise<boolean> => isTrusted(deviceId);

/**
 * Gives a browser another secret, for everybody whom it has signed in: a copy of
 * its cookie from before is worth nothing (F21).
 */
export async function renewDeviceSecret(secret: string, tx: Db): Promise<string> {
  const renewed = newSecret();
  await replaceToken(hashSecret(secret), hashSecret(renewed), tx);
  return renewed;
}

/** Takes the trust from every device of the user, or from one; true when one had any. */
export const distrustDevices = (userId: string, tx: Db, deviceId?: string): Promise<boolean> =>
  clearTrust(userId, deviceId ?? null, tx);

/** Makes the browser of a session a stranger to its user again. */
export const forgetDeviceOf = (sessionId: string, tx: Db): Promise<void> =>
  markDeviceOfForgotten(sessionId, tx);

/**
 * Makes every browser a stranger to its user again but the one that acts, by its
 * device cookie, and takes the trust from all: whoever takes an account back does not
 * know which of them are a thief's. None then goes unquestioned, untold or on a budget
 * of its own (F35, F121).
 */
export async function forgetOtherDevices(
  userId: string,
  deviceSecret: string | undefined,
  tx: Db,
): Promise<void> {
  const except = isSecret(deviceSecret)
    ? await findDevice(userId, hashSecret(deviceSecret), tx)
    : null;
  await markForgotten(userId, { except }, tx);
  await clearTrust(userId, null, tx);
}
