import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, unknownCursor } from "@/app/api/paging";
import { notFound } from "@/app/api/problems";
import {
  WEBHOOK_TAG,
  WEBHOOKS_API,
  WebhookParams,
  webhookProblem,
} from "@/app/api/v1/_endpoints/webhooks";
import { jsonReply } from "@/lib/platform/http/reply";
import {
  type Delivery,
  listDeliveries,
  type Queueing,
  redeliver,
  redeliverGivenUp,
  sendTestMessage,
} from "@/lib/webhooks/deliveries";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";
import { DELIVERY_STATES } from "@/lib/webhooks/webhook.schema";

const PATH = `${WEBHOOKS_API}/{id}/deliveries`;

const Resource = z.object({
  id: z.uuid().describe("The header webhook-id is msg_ and this."),
  eventId: z.uuid().nullable().describe("Null for a test."),
  eventType: z.string(),
  state: z.enum(DELIVERY_STATES),
  createdAt: z.iso.datetime(),
  attempts: z.int(),
  attemptedAt: z.iso.datetime().nullable(),
  nextAttemptAt: z.iso.datetime().nullable(),
  deliveredAt: z.iso.datetime().nullable(),
  status: z.int().nullable().describe("Of the last answer; null when there was none."),
  durationMs: z.int().nullable(),
  error: z.string().nullable(),
});

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

const resourceOf = (delivery: Delivery): z.infer<typeof Resource> => ({
  ...delivery,
  createdAt: delivery.createdAt.toISOString(),
  attemptedAt: timeOf(delivery.attemptedAt),
  nextAttemptAt: timeOf(delivery.nextAttemptAt),
  deliveredAt: timeOf(delivery.deliveredAt),
});

const listDeliveriesEndpoint = endpoint({
  method: "GET",
  path: PATH,
  tag: WEBHOOK_TAG,
  summary: "Its messages of thirty days and what became of each, newest first",
  access: WEBHOOK_PERMISSIONS.view,
  services: true,
  params: WebhookParams,
  query: z.strictObject({ ...PAGE_QUERY, state: z.enum(DELIVERY_STATES).optional() }),
  responses: { 200: { description: "A page of messages", schema: pageOf(Resource) } },
  run: async ({ caller, params: { id }, query: { state, ...page } }) => {
    const result = await listDeliveries(caller, id, state ?? null, page);
    if (result.outcome === "not-found") throw notFound("webhook");
    if (result.outcome === "rejected") throw unknownCursor();
    const { deliveries, nextCursor } = result;
    return jsonReply(200, { items: deliveries.map(resourceOf), nextCursor });
  },
});

const Queued = z.object({ queued: z.int() });
const QUEUED = {
  200: { description: "How many are sent within a few seconds", schema: Queued },
  409: { description: "The webhook is switched off" },
};

function queuedReply(result: Queueing) {
  if (result.outcome !== "queued") throw webhookProblem(result);
  return jsonReply(200, { queued: result.count });
}

const sendTestEndpoint = endpoint({
  method: "POST",
  path: `${WEBHOOKS_API}/{id}/test`,
  tag: WEBHOOK_TAG,
  summary: "Send it a message of the type webhook.test, once",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams,
  responses: QUEUED,
  run: async ({ caller, params: { id } }) => queuedReply(await sendTestMessage(caller, id)),
});

const redeliverEndpoint = endpoint({
  method: "POST",
  path: `${PATH}/{deliveryId}/redeliver`,
  tag: WEBHOOK_TAG,
  summary: "Send a message again that arrived or was given up, under its webhook-id",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams.extend({ deliveryId: z.string() }),
  responses: QUEUED,
  run: async ({ caller, params: { id, deliveryId } }) =>
    queuedReply(await redeliver(caller, id, deliveryId)),
});

const redeliverGivenUpEndpoint = endpoint({
  method: "POST",
  path: `${WEBHOOKS_API}/{id}/redeliver`,
  tag: WEBHOOK_TAG,
  summary: "Send everything again that was given up since a time",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams,
  body: z.strictObject({ since: z.iso.datetime({ offset: true }) }),
  responses: QUEUED,
  run: async ({ caller, params: { id }, body: { since } }) =>
    queuedReply(await redeliverGivenUp(caller, id, new Date(since))),
});

export const WEBHOOK_DELIVERY_ENDPOINTS = [
  listDeliveriesEndpoint,
  sendTestEndpoint,
  redeliverEndpoint,
  redeliverGivenUpEndpoint,
];
