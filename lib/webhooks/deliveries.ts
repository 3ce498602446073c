import "server-only";
import { z } from "zod";
import { recordChange } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import { decodeCursor, encodeCursor } from "@/lib/shared/cursor";
import { keysetPage, type PageRequest, type Walk } from "@/lib/shared/keyset-page";
import { BACKLOG_MAX } from "@/lib/webhooks/backlog";
import {
  type DeliveryRow,
  insertTest,
  listDeliveryRows,
  reviveDelivery,
  reviveGivenUp,
} from "@/lib/webhooks/delivery-store";
import { changing, findWebhook, type WebhookRefusal } from "@/lib/webhooks/manage-endpoints";
import { TEST_EVENT } from "@/lib/webhooks/message";
import type { DeliveryState } from "@/lib/webhooks/webhook.schema";
import { asWebhook } from "@/lib/webhooks/webhook-right";

export interface Delivery extends DeliveryRow {
  state: DeliveryState;
}

const stateOf = ({ nextAttemptAt, deliveredAt }: DeliveryRow): DeliveryState =>
  nextAttemptAt !== null ? "waiting" : deliveredAt !== null ? "delivered" : "given-up";

export type DeliveryListing =
  | {
      outcome: "listed";
      deliveries: Delivery[];
      nextCursor: string | null;
      previousCursor: string | null;
    }
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unknown-cursor" };

const Place = z.strictObject({ walk: z.enum(["next", "previous"]), id: z.uuid() });

/** One page of the messages of an endpoint and what became of them, newest first (F128). */
export async function listDeliveries(
  caller: Caller,
  webhookId: string,
  state: DeliveryState | null,
  { cursor, limit }: PageRequest,
): Promise<DeliveryListing> {
  if ((await findWebhook(caller, webhookId)) === null) return { outcome: "not-found" };
  const place = cursor === undefined ? null : decodeCursor(cursor, Place);
  if (cursor !== undefined && place === null) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const rows = await listDeliveryRows(webhookId, state, place, limit + 1);
  const { items, next, previous } = keysetPage(rows, limit, place?.walk ?? null);
  const cursorAt = (row: DeliveryRow | null, walk: Walk) =>
    row && encodeCursor({ walk, id: row.id });
  return {
    outcome: "listed",
    deliveries: items.map((row) => ({ ...row, state: stateOf(row) })),
    nextCursor: cursorAt(next, "next"),
    previousCursor: cursorAt(previous, "previous"),
  };
}

export type Queueing = { outcome: "queued"; count: number } | WebhookRefusal | SwitchedOffNow;
type SwitchedOffNow = { outcome: "rejected"; reason: "switched-off" };
const SWITCHED_OFF = { outcome: "rejected", reason: "switched-off" } as const;

/** Sends an endpoint a message that says nothing, to see whether it arrives. It is tried once. */
export async function sendTestMessage(caller: Caller, webhookId: string): Promise<Queueing> {
  return queueing(caller, webhookId, "webhook.tested", async (tx) => {
    await insertTest(webhookId, TEST_EVENT, tx);
    return 1;
  });
}

/** Sends a message again, under the id it had: a receiver that has it already can tell. */
export async function redeliver(
  caller: Caller,
  webhookId: string,
  deliveryId: string,
): Promise<Queueing> {
  return queueing(caller, webhookId, "webhook.redelivered", async (tx) =>
    (await reviveDelivery(webhookId, deliveryId, tx)) ? 1 : null,
  );
}

/** The same for everything that was given up since then, the oldest ones first. */
export async function redeliverGivenUp(
  caller: Caller,
  webhookId: string,
  since: Date,
): Promise<Queueing> {
  return queueing(caller, webhookId, "webhook.redelivered", (tx) =>
    reviveGivenUp(webhookId, since, BACKLOG_MAX, tx),
  );
}

async function queueing(
  caller: Caller,
  webhookId: string,
  action: string,
  queue: (tx: Db) => Promise<number | null>,
): Promise<Queueing> {
  let count = 0;
  const result = await changing<SwitchedOffNow | { outcome: "not-found" }>(
    caller,
    webhookId,
    { reads: false },
    async ({ enabled }, tx) => {
      if (!enabled) return SWITCHED_OFF;
      const queued = await queue(tx);
      if (queued === null) return { outcome: "not-found" };
      count = queued;
      if (count === 0) return null;
      const after = { count };
      await recordChange(caller, { action, target: asWebhook(webhookId), after }, tx);
      return null;
    },
  );
  return result.outcome === "changed" ? { outcome: "queued", count } : result;
}
