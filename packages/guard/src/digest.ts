import { base64url } from "jose";

/** SHA-256 in base64url, as `ath` and `jkt` have it. */
export const digest = async (text: string): Promise<string> =>
  base64url.encode(
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))),
  );
