import { type Asker, askAsClient } from "./ask.js";
import { type Clock, isWithin } from "./clock.js";
import { unavailable } from "./failures.js";

export interface OwnTokenTerms {
  uri: string;
  client: { id: string; secret: string };
  resource: string;
  scope: string;
}

const RENEWED_BEFORE_SECONDS = 30;

/** The token with which this service asks Gatehouse something (RFC 6749 §4.4); got when it is needed. */
export function ownToken(terms: OwnTokenTerms, asker: Asker, now: Clock) {
  let current: { token: string; at: number; seconds: number } | undefined;
  let running: Promise<string> | undefined;

  async function fetchAnew(): Promise<string> {
    const at = now();
    const { resource, scope } = terms;
    const fields = { grant_type: "client_credentials", resource, scope };
    const { status, json } = await askAsClient(asker, terms.uri, terms.client, fields);
    const { access_token: token, expires_in: expiresIn } = json;
    if (status !== 200 || typeof token !== "string") throw unavailable(`own token: ${status}`);
    current = { token, at, seconds: Number(expiresIn) - RENEWED_BEFORE_SECONDS };
    return token;
  }

  return {
    get: async (): Promise<string> => {
      if (current && isWithin(now, current.at, current.seconds)) return current.token;
      running ??= fetchAnew().finally(() => {
        running = undefined;
      });
      return running;
    },
    /** After it was refused: the next one is new. */
    drop: (): void => {
      current = undefined;
    },
  };
}
