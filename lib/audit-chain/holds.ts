import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { lockChain } from "@/lib/audit-chain/chain-store";
import { insertHold, isHeld, listHoldRows, releaseHolds } from "@/lib/audit-chain/removal-store";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

/** Holds that stand, oldest first. */
export const listHolds = () => listHoldRows();

/**
 * Keeps everything that a user did, or that befell them, from being pruned or erased, until it is
 * released (F114). False when there is a hold already. The user need not exist any more.
 */
export const placeHold = (
  userId: string,
  reason: string,
  request: RequestFacts,
): Promise<boolean> =>
  inTransaction(async (tx) => {
    await lockChain(tx);
    if (await isHeld(userId, tx)) return false;
    await insertHold(userId, reason, tx);
    await record("audit.hold_placed", userId, reason, request, tx);
    return true;
  });

/** False when there was none. */
export const releaseHold = (
  userId: string,
  reason: string,
  request: RequestFacts,
): Promise<boolean> =>
  inTransaction(async (tx) => {
    await lockChain(tx);
    if ((await releaseHolds(userId, tx)) === 0) return false;
    await record("audit.hold_released", userId, reason, request, tx);
    return true;
  });

const record = (action: string, userId: string, reason: string, request: RequestFacts, tx: Db) =>
  recordEvent(
    {
      action,
      outcome: "success",
      actor: { type: "system" },
      reason,
      target: { type: "user", id: userId },
    },
    request,
    tx,
  );
