import "server-only";
import { type Adapter, errors, Provider } from "oidc-provider";
import { insertDeviceRequest, isPolledTooSoon } from "@/lib/oidc/device-request-store";
import { hashUserCode } from "@/lib/oidc/user-code";
import { getConfig } from "@/lib/platform/config";
import { seconds } from "@/lib/shared/duration";

/** How often a device may ask, where it is told nothing else (RFC 8628 §3.2). */
export const POLLED_EVERY_SECONDS = seconds(5);
const TERMS = {
  /** Networks are not that punctual. */
  toleranceSeconds: 1,
  /** RFC 8628 §3.5. */
  stepSeconds: 5,
  intervalMaxSeconds: 60,
};

/**
 * Device codes: found by a person through the hash of what they type, and by the
 * device, which is told to slow down when it asks too often (RFC 8628 §3.5).
 */
export function deviceCodes(stored: Adapter): Adapter {
  return {
    ...stored,
    async find(deviceCode) {
      const found = await stored.find(deviceCode);
      if (
        found !== undefined &&
        Provider.ctx?.oidc.route === "token" &&
        (await isPolledTooSoon(deviceCode, TERMS))
      ) {
        throw new errors.SlowDown();
      }
      return found;
    },
    upsert: (deviceCode, { jti: _, userCode = "", ...payload }, lifetimeSeconds = 0) =>
      insertDeviceRequest(
        deviceCode,
        hashUserCode(userCode),
        payload,
        lifetimeSeconds,
        POLLED_EVERY_SECONDS,
      ),
  };
}

/** The answer to a device names our own page, not the engine's (RFC 8628 §3.2, F50). */
export function nameDevicePage(answer: Record<string, unknown>): void {
  const page = `${getConfig().origin}/device`;
  const complete = new URL(page);
  complete.searchParams.set("user_code", String(answer["user_code"]));
  Object.assign(answer, {
    verification_uri: page,
    verification_uri_complete: complete.href,
    interval: POLLED_EVERY_SECONDS,
  });
}
