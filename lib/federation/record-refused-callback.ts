import "server-only";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Puts on record that a provider's callback was refused before anybody's
 * identity was known: its state, nonce or code was not of this browser's
 * sign-in, or the provider itself reported an error (F6, ATK-11, ATK-17).
 */
export async function recordRefusedCallback(
  provider: string,
  request: RequestFacts,
): Promise<void> {
  await recordStandaloneEvent(
    {
      action: "session.rejected",
      outcome: "failure",
      actor: { type: "anonymous" },
      reason: `${provider}: callback-invalid`,
    },
    request,
  );
}
