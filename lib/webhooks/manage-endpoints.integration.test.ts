import { beforeAll, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { days } from "@/lib/shared/duration";
import { listDeliveries, redeliver, sendTestMessage } from "@/lib/webhooks/deliveries";
import {
  changeWebhook,
  createWebhook,
  findWebhook,
  listWebhooks,
  removeWebhook,
  rotateWebhookSecret,
} from "@/lib/webhooks/manage-endpoints";
import { send } from "@/tests/support/api";
import { aCaller, anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { aForeignHolder } from "@/tests/support/strangers";

const SETTINGS = { name: "Hook", url: "https://hooks.example.com/s3cret", eventTypes: ["*"] };
let admin: Caller;

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});

const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

async function created(caller: Caller, place: "organization" | "instance" = "organization") {
  const result = await createWebhook(again(caller), SETTINGS, place);
  return result.outcome === "created" ? result : expect.unreachable(JSON.stringify(result));
}

test("each needs its permission (ATK-40)", async () => {
  const { webhook } = await created(admin);
  const viewer = await aForeignHolder("view_webhooks");
  const nobody = await aCaller({ roles: ["Manager"] });
  for (const attempt of [
    () => listWebhooks(again(nobody)),
    () => findWebhook(again(nobody), webhook.id),
    () => listDeliveries(again(nobody), webhook.id, null, { limit: 1 }),
    () => createWebhook(again(viewer), SETTINGS, "organization"),
    () => changeWebhook(again(viewer), webhook.id, { name: "x" }),
    () => changeWebhook(again(viewer), webhook.id, { enabled: false }),
    () => rotateWebhookSecret(again(viewer), webhook.id),
    () => removeWebhook(again(viewer), webhook.id),
    () => sendTestMessage(again(viewer), webhook.id),
    () => redeliver(again(viewer), webhook.id, newId()),
  ]) {
    await expect(attempt()).rejects.toBeInstanceOf(AccessDenied);
  }
});

test("who may not read the log, or not for good, has nobody told of it (ATK-42)", async () => {
  const reader = await aForeignHolder("manage_webhooks", "view_audit_log");
  const { webhook } = await created(reader);
  const beyond = { outcome: "rejected", reason: "beyond-own-permissions" };
  expect(await createWebhook(again(reader), SETTINGS, "instance")).toMatchObject(beyond);
  const blind = await aForeignHolder("manage_webhooks");
  expect(await createWebhook(blind, SETTINGS, "organization")).toMatchObject({
    ...beyond,
    missing: ["view_audit_log"],
  });
  await prisma().userRole.updateMany({
    where: { userId: reader.principal.userId },
    data: { expiresAt: new Date(Date.now() + days(1) * 1_000) },
  });
  expect(await createWebhook(again(reader), SETTINGS, "organization")).toMatchObject(beyond);
  expect(await changeWebhook(again(reader), webhook.id, { name: "x" })).toMatchObject(beyond);
  expect((await changeWebhook(again(reader), webhook.id, { enabled: false })).outcome).toBe(
    "changed",
  );
  expect(await changeWebhook(again(reader), webhook.id, { enabled: true })).toMatchObject(beyond);
});

test("those of another organization, and of the instance, are not there for who is not there (F81)", async () => {
  const permissions = ["view_webhooks", "manage_webhooks", "view_audit_log"];
  const [one, other] = [await aForeignHolder(...permissions), await aForeignHolder(...permissions)];
  const theirs = (await created(other)).webhook.id;
  const instances = (await created(admin, "instance")).webhook.id;
  const own = (await created(one)).webhook.id;
  expect((await listWebhooks(again(one))).map(({ id }) => id)).toEqual([own]);
  for (const id of [theirs, instances, newId(), "none"]) {
    expect(await findWebhook(again(one), id)).toBeNull();
    for (const result of [
      await changeWebhook(again(one), id, { name: "x" }),
      await changeWebhook(again(one), id, { enabled: false }),
      await rotateWebhookSecret(again(one), id),
      await removeWebhook(again(one), id),
      await sendTestMessage(again(one), id),
      await listDeliveries(again(one), id, null, { limit: 1 }),
    ]) {
      expect(result).toEqual({ outcome: "not-found" });
    }
  }
  expect((await findWebhook(again(admin), instances))?.id).toBe(instances);
});

test("what could not be asked is no address of a webhook (F123)", async () => {
  for (const url of [
    "http://hooks.example.com/",
    "https://10.0.0.1/",
    "https://a:b@example.com/",
  ]) {
    expect(await createWebhook(again(admin), { ...SETTINGS, url }, "instance")).toEqual({
      outcome: "rejected",
      reason: "unreachable-address",
    });
  }
});

test("every change is on record, with neither the secret nor the path of the address (INV-4, ATK-66)", async () => {
  const { webhook, secret } = await created(admin, "instance");
  const { id } = webhook;
  await changeWebhook(again(admin), id, { eventTypes: ["user.*"] });
  const rotated = await rotateWebhookSecret(again(admin), id);
  await changeWebhook(again(admin), id, { enabled: false });
  await changeWebhook(again(admin), id, { enabled: false });
  await changeWebhook(again(admin), id, { enabled: true });
  await sendTestMessage(again(admin), id);
  const shown = [await findWebhook(again(admin), id), await listWebhooks(again(admin))];
  await removeWebhook(again(admin), id);
  const events = await prisma().auditEvent.findMany({
    where: { targetId: id },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ action }) => action.replace("webhook.", ""))).toEqual([
    "created",
    "changed",
    "secret_rotated",
    "disabled",
    "enabled",
    "tested",
    "removed",
  ]);
  const text = (value: unknown) =>
    JSON.stringify(value, (_, one: unknown) => (typeof one === "bigint" ? String(one) : one));
  expect(text(events)).not.toContain("s3cret");
  for (const one of [secret, rotated.outcome === "rotated" ? rotated.secret : ""]) {
    expect(one).toMatch(/^whsec_/);
    expect(text([events, shown])).not.toContain(one);
  }
});

test("the messages of an endpoint are read onwards and back", async () => {
  const { id } = (await created(admin)).webhook;
  for (let count = 0; count < 5; count += 1) await sendTestMessage(again(admin), id);
  const page = async (cursor?: string) => {
    const read = await listDeliveries(again(admin), id, "waiting", { limit: 2, cursor });
    if (read.outcome !== "listed") throw new Error(read.outcome);
    return { ...read, ids: read.deliveries.map((delivery) => delivery.id) };
  };
  const first = await page();
  const second = await page(first.nextCursor ?? "");
  const third = await page(second.nextCursor ?? "");
  expect([first.ids, second.ids, third.ids].map(({ length }) => length)).toEqual([2, 2, 1]);
  expect([first.previousCursor, third.nextCursor]).toEqual([null, null]);
  expect((await page(third.previousCursor ?? "")).ids).toEqual(second.ids);
  expect((await page(second.previousCursor ?? "")).ids).toEqual(first.ids);
});

test("the API adds, shows, changes and removes one, and lists its messages", async () => {
  const session = await aSession((await aUser({ roles: ["Admin"] })).id);
  const path = "/api/v1/webhooks";
  const made = await send(session, "POST", path, { ...SETTINGS, scope: "instance" });
  expect(made).toMatchObject({ status: 201, body: { scope: "instance", enabled: true } });
  expect(made.body.secret).toMatch(/^whsec_/);
  const at = `${path}/${made.body.id}`;
  expect((await send(session, "GET", at)).body).not.toHaveProperty("secret");
  expect(await send(session, "PATCH", at, { eventTypes: ["bad type"] })).toMatchObject({
    status: 422,
  });
  expect((await send(session, "PATCH", at, { name: "Other" })).body.name).toBe("Other");
  expect((await send(session, "POST", `${at}/test`)).body).toEqual({ queued: 1 });
  const log = await send(session, "GET", `${at}/deliveries?state=waiting`);
  expect(log.body.items).toMatchObject([{ eventType: "webhook.test", state: "waiting" }]);
  const since = { since: "2026-01-01T00:00:00Z" };
  expect((await send(session, "POST", `${at}/redeliver`, since)).body).toEqual({ queued: 0 });
  expect((await send(session, "PATCH", at, { enabled: false })).body.enabled).toBe(false);
  expect(await send(session, "POST", `${at}/test`)).toMatchObject({
    status: 409,
    body: { code: "webhook_switched_off" },
  });
  expect((await send(session, "DELETE", at)).status).toBe(204);
  expect((await send(session, "GET", at)).status).toBe(404);
});
