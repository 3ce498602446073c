import "server-only";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import type { Limit } from "@/lib/platform/rate-limit/limiter";
import type { RequestFacts } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";

/** Refused returns from providers, from one network, that are put on record. */
export const REFUSED_CALLBACKS: Limit = {
  name: "refused-callback",
  pointsMax: 60,
  windowSeconds: hours(1),
};

/**
 * Puts on record that a provider's callback was refused before anybody's
 * identity was known: its state, nonce or code was not of this browser's
 * sign-in, or the provider itself reported an error (F6, ATK-11, ATK-17).
 */
export async function recordRefusedCallback(
  provider: string,
  request: RequestFacts,
): Promise<void> {
  await recordAnonymousRefusal(
    REFUSED_CALLBACKS,
    { action: "session.rejected", reason: `${provider}: callback-invalid` },
    request,
  );
}
