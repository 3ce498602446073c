import "server-only";
import { getConfig } from "@/lib/platform/config";

/** Who asks, to an authenticator: from APP_URL alone, never from a request (D18). */
export function relyingParty(): { id: string; name: string; origin: string } {
  const { appUrl, origin } = getConfig();
  return { id: appUrl.hostname, name: appUrl.host, origin };
}

/** What an authenticator keeps of a user: the bytes of the id, which name nobody (WebAuthn L3 §14.6.1). */
export const userHandleOf = (userId: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(userId.replaceAll("-", ""), "hex"));
