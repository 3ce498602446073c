import "server-only";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { masked } from "@/lib/outbox/list-messages";
import {
  deleteWaiting,
  findState,
  reviveEveryFailed,
  reviveFailed,
} from "@/lib/outbox/message-store";
import type { MessageState } from "@/lib/outbox/outbox.schema";
import { OUTBOX_PERMISSIONS } from "@/lib/outbox/permissions";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";

const asMessage = (id: string) => ({ type: "outbox_message", id });

/** In which state it is instead of one that this can be done in. */
export type MessageRefusal =
  | { outcome: "not-found" }
  | { outcome: "rejected"; state: MessageState };

const refusalOf = (state: MessageState | null): MessageRefusal =>
  state === null ? { outcome: "not-found" } : { outcome: "rejected", state };

/**
 * Has a message tried again at once that has failed: once, however many ask. What is sent, being
 * sent, or has expired stays as it is.
 */
export async function retryMessage(
  caller: Caller,
  id: string,
): Promise<{ outcome: "retried" } | MessageRefusal> {
  await authorize(caller, OUTBOX_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    if (!(await reviveFailed(id, tx))) return refusalOf(await findState(id, tx));
    await recordChange(caller, { action: "outbox.retried", target: asMessage(id) }, tx);
    return { outcome: "retried" };
  });
}

/** The same for every message that has failed; returns how many. */
export async function retryEveryFailed(caller: Caller): Promise<number> {
  await authorize(caller, OUTBOX_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    const count = await reviveEveryFailed(tx);
    if (count > 0) await recordChange(caller, { action: "outbox.retried", after: { count } }, tx);
    return count;
  });
}

/** Deletes a message that waits, so that it is never sent. What a worker has in its hands stays. */
export async function discardMessage(
  caller: Caller,
  id: string,
): Promise<{ outcome: "discarded" } | MessageRefusal> {
  await authorize(caller, OUTBOX_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    const message = await deleteWaiting(id, tx);
    if (message === null) return refusalOf(await findState(id, tx));
    const { channel, kind } = message;
    const before = { channel, kind, recipient: masked(message) };
    await recordChange(caller, { action: "outbox.discarded", target: asMessage(id), before }, tx);
    return { outcome: "discarded" };
  });
}
