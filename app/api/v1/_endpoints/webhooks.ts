import "server-only";
import { z } from "zod";
import { endpoint } from "@/app/api/endpoint";
import { PAGE_QUERY, pageOf, pageWithin, unfitting } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import { emptyReply, jsonReply } from "@/lib/platform/http/reply";
import {
  changeWebhook,
  createWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhookSecret,
  type Webhook,
  type WebhookRefusal,
} from "@/lib/webhooks/manage-endpoints";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";
import { EventTypes, WebhookName, WebhookUrl } from "@/lib/webhooks/webhook.schema";

export const WEBHOOKS_API = "/api/v1/webhooks";
export const WEBHOOK_TAG = "Webhooks";

const Resource = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  eventTypes: z.array(z.string()).describe("`*`, `user.*` or actions such as `user.created`."),
  scope: z.enum(["organization", "instance"]).describe("What it is told of: what was done there."),
  enabled: z.boolean(),
  createdAt: z.iso.datetime(),
  formerSecretUntil: z.iso
    .datetime()
    .nullable()
    .describe("So long the secret before this one signs beside it."),
  failingSince: z.iso.datetime().nullable(),
  switchedOffFor: z
    .enum(["failing", "gone"])
    .nullable()
    .describe("Why the program switched it off: nothing arrived for days, or it answered 410."),
});

const WithSecret = Resource.extend({
  secret: z.string().describe("Shown this once. Verify each message with it."),
});

export const WebhookParams = z.object({ id: z.string() });

const timeOf = (date: Date | null): string | null => date?.toISOString() ?? null;

const resourceOf = (webhook: Webhook): z.infer<typeof Resource> => ({
  id: webhook.id,
  name: webhook.name,
  url: webhook.url,
  eventTypes: webhook.eventTypes,
  scope: webhook.organizationId === null ? "instance" : "organization",
  enabled: webhook.enabled,
  createdAt: webhook.createdAt.toISOString(),
  formerSecretUntil: timeOf(webhook.formerUntil),
  failingSince: timeOf(webhook.failingSince),
  switchedOffFor: webhook.switchedOffFor,
});

export function webhookProblem(
  refusal: WebhookRefusal | { outcome: "rejected"; reason: "switched-off" },
): ProblemError {
  if (refusal.outcome === "not-found") return notFound("webhook");
  switch (refusal.reason) {
    case "unreachable-address":
      return unfitting(
        "url",
        "Use an https address of the open internet, or have its host listed in OUTBOUND_ALLOWED_HOSTS.",
      );
    case "switched-off":
      return new ProblemError({
        status: 409,
        code: "webhook_switched_off",
        title: "The webhook is switched off",
      });
    case "too-many-webhooks":
    case "beyond-own-permissions":
      return refusalProblem("webhook", refusal);
  }
}

const listWebhooksEndpoint = endpoint({
  method: "GET",
  path: WEBHOOKS_API,
  tag: WEBHOOK_TAG,
  summary: "Who is told of events: of the caller's organization, and of the instance for who may",
  access: WEBHOOK_PERMISSIONS.view,
  services: true,
  query: z.strictObject(PAGE_QUERY),
  responses: { 200: { description: "A page of webhooks", schema: pageOf(Resource) } },
  run: async ({ caller, query }) => {
    const page = pageWithin(await listWebhooks(caller), ({ id }) => id, query);
    return jsonReply(200, { ...page, items: page.items.map(resourceOf) });
  },
});

const createWebhookEndpoint = endpoint({
  method: "POST",
  path: WEBHOOKS_API,
  tag: WEBHOOK_TAG,
  summary: "Have an address told of what happens from now on, as Standard Webhooks has it",
  access: WEBHOOK_PERMISSIONS.manage,
  body: z.strictObject({
    name: WebhookName,
    url: WebhookUrl,
    eventTypes: EventTypes,
    scope: z.enum(["organization", "instance"]).default("organization"),
  }),
  responses: {
    201: { description: "The webhook and its secret, which is shown once", schema: WithSecret },
    403: { description: "The caller may not read those events for good" },
    409: { description: "There are as many as there can be" },
  },
  run: async ({ caller, body: { scope, ...settings } }) => {
    const result = await createWebhook(caller, settings, scope);
    if (result.outcome !== "created") throw webhookProblem(result);
    const { webhook, secret } = result;
    const location = `${WEBHOOKS_API}/${webhook.id}`;
    return jsonReply(201, { ...resourceOf(webhook), secret }, { location });
  },
});

const getWebhookEndpoint = endpoint({
  method: "GET",
  path: `${WEBHOOKS_API}/{id}`,
  tag: WEBHOOK_TAG,
  summary: "One of them",
  access: WEBHOOK_PERMISSIONS.view,
  services: true,
  params: WebhookParams,
  responses: { 200: { description: "The webhook", schema: Resource } },
  run: async ({ caller, params: { id } }) => {
    const webhook = await findWebhook(caller, id);
    if (webhook === null) throw notFound("webhook");
    return jsonReply(200, resourceOf(webhook));
  },
});

const changeWebhookEndpoint = endpoint({
  method: "PATCH",
  path: `${WEBHOOKS_API}/{id}`,
  tag: WEBHOOK_TAG,
  summary: "Change where messages go and of what, or switch it off and on again",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams,
  body: z.strictObject({
    name: WebhookName.optional(),
    url: WebhookUrl.optional(),
    eventTypes: EventTypes.optional(),
    enabled: z
      .boolean()
      .optional()
      .describe("Switched on again, it is told of everything since it was switched off."),
  }),
  responses: {
    200: { description: "The changed webhook", schema: Resource },
    403: { description: "The caller may not read those events for good" },
  },
  run: async ({ caller, params: { id }, body }) => {
    const result = await changeWebhook(caller, id, body);
    if (result.outcome !== "changed") throw webhookProblem(result);
    return jsonReply(200, resourceOf(result.webhook));
  },
});

const removeWebhookEndpoint = endpoint({
  method: "DELETE",
  path: `${WEBHOOKS_API}/{id}`,
  tag: WEBHOOK_TAG,
  summary: "Remove it with its messages",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams,
  responses: { 204: { description: "It is gone" } },
  run: async ({ caller, params: { id } }) => {
    const result = await removeWebhook(caller, id);
    if (result.outcome !== "removed") throw webhookProblem(result);
    return emptyReply();
  },
});

const rotateSecretEndpoint = endpoint({
  method: "POST",
  path: `${WEBHOOKS_API}/{id}/rotate-secret`,
  tag: WEBHOOK_TAG,
  summary: "Another secret; the former one signs beside it for a day",
  access: WEBHOOK_PERMISSIONS.manage,
  params: WebhookParams,
  responses: { 200: { description: "The webhook and its new secret", schema: WithSecret } },
  run: async ({ caller, params: { id } }) => {
    const result = await rotateWebhookSecret(caller, id);
    if (result.outcome !== "rotated") throw webhookProblem(result);
    return jsonReply(200, { ...resourceOf(result.webhook), secret: result.secret });
  },
});

export const WEBHOOK_ENDPOINTS = [
  listWebhooksEndpoint,
  createWebhookEndpoint,
  getWebhookEndpoint,
  changeWebhookEndpoint,
  removeWebhookEndpoint,
  rotateSecretEndpoint,
];
