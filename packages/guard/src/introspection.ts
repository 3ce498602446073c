import type { JWTPayload } from "jose";
import { type Asker, askAsClient } from "./ask.js";
import type { Clock } from "./clock.js";
import { digest } from "./digest.js";
import { unavailable } from "./failures.js";
import { shortCache } from "./short-cache.js";

export interface IntrospectionTerms {
  uri: string;
  cacheSeconds: number;
  client: { id: string; secret: string };
}

/**
 * Asks whether a token is active (RFC 7662): its claims, or null. Throws `unavailable` where that
 * cannot be found out. The answer is kept for a short while, under the token's digest.
 */
export function introspection(terms: IntrospectionTerms, asker: Asker, now: Clock) {
  const cached = shortCache<JWTPayload | null>(now, terms.cacheSeconds);

  async function lookUp(token: string): Promise<JWTPayload | null> {
    const fields = { token, token_type_hint: "access_token" };
    const { status, json } = await askAsClient(asker, terms.uri, terms.client, fields);
    if (status !== 200 || typeof json["active"] !== "boolean") {
      throw unavailable(`introspection: ${status}`);
    }
    return json["active"] ? json : null;
  }

  return async (token: string): Promise<JWTPayload | null> =>
    cached(await digest(token), () => lookUp(token));
}
