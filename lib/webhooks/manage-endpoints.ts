import "server-only";
import { type JsonValue, recordChange } from "@/lib/audit/record-event";
import { streamEnd } from "@/lib/audit-log/streamed-event";
import { authorize } from "@/lib/authz/authorize";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { isOutboundAddress } from "@/lib/platform/http/outbound-fetch";
import { newWebhookSecret } from "@/lib/platform/http/webhook-signature";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import {
  countEndpoints,
  deleteEndpoint,
  type EndpointRow,
  findEndpointRow,
  findSecret,
  insertEndpoint,
  listEndpointRows,
  lockEndpoint,
  placeOf,
  replaceSecret,
  updateEndpoint,
} from "@/lib/webhooks/endpoint-store";
import { WEBHOOK_PERMISSIONS } from "@/lib/webhooks/permissions";
import type { WebhookSettings } from "@/lib/webhooks/webhook.schema";
import { asWebhook, checkMayManage, reachOf } from "@/lib/webhooks/webhook-right";
import { FORMER_SECRET_SECONDS, sealAsFormer, sealSecret } from "@/lib/webhooks/webhook-secrets";

/** Of one organization, or of the installation. */
const ENDPOINTS_MAX = 20;

/** An endpoint as it is shown: with everything but its secrets. */
export type Webhook = EndpointRow;

export type WebhookRefusal =
  | { outcome: "not-found" }
  | { outcome: "rejected"; reason: "unreachable-address" }
  | { outcome: "rejected"; reason: "too-many-webhooks" }
  | BeyondOwn;

export type WebhookUpdate = { outcome: "changed"; webhook: Webhook } | WebhookRefusal;

const NOT_FOUND = { outcome: "not-found" } as const;
const UNREACHABLE = { outcome: "rejected", reason: "unreachable-address" } as const;

/** Those of the caller's organization, and those of the installation for who sees webhooks there. */
export async function listWebhooks(caller: Caller): Promise<Webhook[]> {
  await authorize(caller, WEBHOOK_PERMISSIONS.view);
  const reach = await reachOf(caller, WEBHOOK_PERMISSIONS.view);
  return inPlace(placeOf(reach), (db) => listEndpointRows(reach, db));
}

/** One of them; null for any other. */
export async function findWebhook(caller: Caller, id: string): Promise<Webhook | null> {
  await authorize(caller, WEBHOOK_PERMISSIONS.view);
  const reach = await reachOf(caller, WEBHOOK_PERMISSIONS.view);
  return inPlace(placeOf(reach), (db) => findEndpointRow(id, reach, db));
}

/** What is on record of where messages go: paths and queries can be secrets. */
const recorded = ({ name, url, eventTypes }: WebhookSettings): JsonValue => ({
  name,
  eventTypes,
  origin: new URL(url).origin,
});

/**
 * Adds an endpoint, which is told of what happens from now on: in the caller's organization, or
 * anywhere. `secret` exists nowhere else.
 */
export async function createWebhook(
  caller: Caller,
  settings: WebhookSettings,
  place: "organization" | "instance",
): Promise<{ outcome: "created"; webhook: Webhook; secret: string } | WebhookRefusal> {
  const id = newId();
  await authorize(caller, WEBHOOK_PERMISSIONS.manage, { id });
  if (!isOutboundAddress(settings.url)) return UNREACHABLE;
  const { principal } = caller;
  const organizationId = place === "instance" ? null : principal.organizationId;
  const secret = newWebhookSecret();
  return inTransaction(async (tx) => {
    const beyond = await checkMayManage(caller, id, organizationId, { reads: true }, tx);
    if (beyond !== null) return beyond;
    if ((await countEndpoints(organizationId, tx)) >= ENDPOINTS_MAX) {
      return { outcome: "rejected", reason: "too-many-webhooks" };
    }
    const sealed = sealSecret(secret, id);
    const seq = await streamEnd(tx);
    const webhook = await insertEndpoint(
      { id, organizationId, ...settings, secret: sealed, seq, createdBy: principal.userId },
      tx,
    );
    const after = recorded(settings);
    await recordChange(caller, { action: "webhook.created", target: asWebhook(id), after }, tx);
    return { outcome: "created", webhook, secret };
  });
}

export interface WebhookChange extends Partial<WebhookSettings> {
  enabled?: boolean | undefined;
}

/**
 * Changes what an endpoint is told of, or where, or switches it: all of it or nothing. Switched on
 * again, it is told of everything since it was switched off.
 */
export async function changeWebhook(
  caller: Caller,
  id: string,
  { enabled, ...change }: WebhookChange,
): Promise<WebhookUpdate> {
  const edits = Object.values<unknown>(change).some((value) => value !== undefined);
  return changing(caller, id, { reads: edits || enabled === true }, async (before, tx) => {
    if (change.url !== undefined && !isOutboundAddress(change.url)) return UNREACHABLE;
    const target = asWebhook(id);
    if (edits) {
      const settings = { ...settingsOf(before), ...definedOf(change) };
      await updateEndpoint(id, settings, tx);
      const states = { before: recorded(before), after: recorded(settings) };
      await recordChange(caller, { action: "webhook.changed", target, ...states }, tx);
    }
    if (enabled !== undefined && enabled !== before.enabled) {
      await updateEndpoint(id, { enabled }, tx);
      const action = enabled ? "webhook.enabled" : "webhook.disabled";
      await recordChange(caller, { action, target }, tx);
    }
    return null;
  });
}

/** Gives an endpoint another secret. The former one signs beside it for a day (F128). */
export async function rotateWebhookSecret(
  caller: Caller,
  id: string,
): Promise<{ outcome: "rotated"; webhook: Webhook; secret: string } | WebhookRefusal> {
  const secret = newWebhookSecret();
  const result = await changing(caller, id, { reads: false }, async (_before, tx) => {
    const sealed = await findSecret(id, tx);
    if (sealed === null) return NOT_FOUND;
    const former = sealAsFormer(sealed, id);
    await replaceSecret(id, sealSecret(secret, id), former, FORMER_SECRET_SECONDS, tx);
    await recordChange(caller, { action: "webhook.secret_rotated", target: asWebhook(id) }, tx);
    return null;
  });
  return result.outcome === "changed"
    ? { outcome: "rotated", webhook: result.webhook, secret }
    : result;
}

/** Removes an endpoint with its messages. */
export async function removeWebhook(
  caller: Caller,
  id: string,
): Promise<{ outcome: "removed"; name: string } | WebhookRefusal> {
  await authorize(caller, WEBHOOK_PERMISSIONS.manage, { id });
  const reach = await reachOf(caller, WEBHOOK_PERMISSIONS.manage);
  return inTransaction(async (tx) => {
    const row = await inPlace(placeOf(reach), (db) => lockEndpoint(id, reach, db), tx);
    if (row === null) return NOT_FOUND;
    const beyond = await checkMayManage(caller, id, row.organizationId, { reads: false }, tx);
    if (beyond !== null) return beyond;
    if (!(await deleteEndpoint(id, tx))) return NOT_FOUND;
    const before = recorded(row);
    await recordChange(caller, { action: "webhook.removed", target: asWebhook(id), before }, tx);
    return { outcome: "removed", name: row.name };
  });
}

const settingsOf = ({ name, url, eventTypes }: Webhook): WebhookSettings => ({
  name,
  url,
  eventTypes,
});

const definedOf = (change: Partial<WebhookSettings>): Partial<WebhookSettings> =>
  Object.fromEntries(Object.entries<unknown>(change).filter(([, value]) => value !== undefined));

/** One endpoint in one transaction, with the caller's right to it read there again. */
export async function changing<R extends { outcome: string }>(
  caller: Caller,
  id: string,
  needs: { reads: boolean },
  change: (before: Webhook, tx: Db) => Promise<R | null>,
): Promise<WebhookUpdate | R> {
  await authorize(caller, WEBHOOK_PERMISSIONS.manage, { id });
  const reach = await reachOf(caller, WEBHOOK_PERMISSIONS.manage);
  return inTransaction(async (tx): Promise<WebhookUpdate | R> => {
    const before = await inPlace(placeOf(reach), (db) => lockEndpoint(id, reach, db), tx);
    if (before === null) return NOT_FOUND;
    const beyond = await checkMayManage(caller, id, before.organizationId, needs, tx);
    if (beyond !== null) return beyond;
    const refusal = await change(before, tx);
    if (refusal !== null) return refusal;
    const webhook = await inPlace(placeOf(reach), (db) => findEndpointRow(id, reach, db), tx);
    return webhook === null ? NOT_FOUND : { outcome: "changed", webhook };
  });
}
