import { type Asker, ask } from "./ask.js";
import type { Clock } from "./clock.js";
import { digest } from "./digest.js";
import { Refused, type StepUp, unavailable } from "./failures.js";
import type { Identity } from "./identity.js";
import { type OwnTokenTerms, ownToken } from "./own-token.js";
import { shortCache } from "./short-cache.js";

/** What is asked about whoever sends the request (AuthZEN 1.0 §5). */
export interface Question {
  /** The key of a permission. */
  action: string;
  resource: { type: string; id: string; properties?: Record<string, unknown> };
  /** More about the request, such as `ip`. How they have authenticated is added. */
  context?: Record<string, unknown>;
}

export interface DecisionTerms {
  uri: string;
  cacheSeconds: number;
  asAsker: OwnTokenTerms;
}

type Answer = { allowed: boolean; reason: string } & StepUp;

/**
 * Asks Gatehouse whether somebody may do something. The answer is kept for a short while, for this
 * subject, action, resource and context. Returns where the answer is yes; throws {@link Refused}
 * for a no, for a yes that takes a stronger sign-in, and where nobody could be asked.
 */
export function decisions(terms: DecisionTerms, asker: Asker, now: Clock) {
  const cached = shortCache<Answer>(now, terms.cacheSeconds);
  const token = ownToken(terms.asAsker, asker, now);

  async function send(body: string, isLast = false): Promise<Record<string, unknown>> {
    const authorization = `Bearer ${await token.get()}`;
    const { status, json } = await ask(asker, terms.uri, {
      method: "POST",
      headers: { authorization, "content-type": "application/json" },
      body,
    });
    if (status === 401) token.drop();
    if (status === 401 && !isLast) return send(body, true);
    if (status !== 200) throw unavailable(`decision: ${status}`);
    return json;
  }

  async function decide(body: string): Promise<Answer> {
    const { decision, context } = await send(body);
    const { reason, acr_values, max_age } = (context ?? {}) as Record<string, unknown>;
    return {
      allowed: decision === true,
      reason: typeof reason === "string" ? reason : "denied",
      acrValues: typeof acr_values === "string" ? acr_values : undefined,
      maxAgeSeconds: typeof max_age === "number" ? max_age : undefined,
    };
  }

  return async (identity: Identity, { action, resource, context }: Question): Promise<void> => {
    const { subject: id, kind: type, acr, authTime: auth_time, means } = identity;
    const body = JSON.stringify({
      subject: { type, id },
      action: { name: action },
      resource,
      // What was verified counts, whatever else is said.
      context: { ...context, acr, auth_time, means },
    });
    const { allowed, reason, acrValues, maxAgeSeconds } = await cached(await digest(body), () =>
      decide(body),
    );
    if (allowed) return;
    const isStepUp = acrValues !== undefined || maxAgeSeconds !== undefined;
    throw new Refused(isStepUp ? "insufficient_user_authentication" : "access_denied", reason, {
      acrValues,
      maxAgeSeconds,
    });
  };
}
