import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { lockChain } from "@/lib/audit-chain/chain-store";
import { ERASURE_ACTION } from "@/lib/audit-chain/erasures";
import { eraseEventRows, isHeld } from "@/lib/audit-chain/removal-store";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";

/** Of one transaction. */
const BATCH_SIZE = 2_000;

export type Erasure =
  | { outcome: "erased" }
  /** Somebody has a hold on what they did. */
  | { outcome: "held" };

/**
 * Takes what is personal out of the audit log for a user who is gone or asks for it: addresses and
 * browsers they came from, and what was said of them and changed about them. What happened, when
 * and to which id stays, and the chain stays whole, for it has a salted digest in place of the rest
 * (F109, F112). Cut short, another run does the remainder.
 */
export async function eraseUserFromAudit(
  userId: string,
  reason: string,
  request: RequestFacts,
): Promise<Erasure> {
  await sealEverything();
  const id = newId();
  for (let first = true; ; first = false) {
    const erased = await inTransaction(async (tx) => {
      // As a hold does: one of both comes first.
      await lockChain(tx);
      if (await isHeld(userId, tx)) return null;
      if (first) {
        const target = { type: "user", id: userId };
        const actor = { type: "system" } as const;
        const action = ERASURE_ACTION;
        await recordEvent({ id, action, outcome: "success", actor, target, reason }, request, tx);
      }
      return eraseEventRows(userId, id, BATCH_SIZE, tx);
    });
    if (erased === null) return { outcome: "held" };
    if (erased < BATCH_SIZE) return { outcome: "erased" };
  }
}
