import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { recordChange, recordStandaloneEvent } from "@/lib/audit/record-event";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { days, seconds } from "@/lib/shared/duration";
import { BACKLOG_MAX } from "@/lib/webhooks/backlog";
import { deliverMessages, retryFailingReceivers } from "@/lib/webhooks/deliver-messages";
import { redeliver, redeliverGivenUp, sendTestMessage } from "@/lib/webhooks/deliveries";
import { changeWebhook, rotateWebhookSecret } from "@/lib/webhooks/manage-endpoints";
import { purgeWebhooks } from "@/lib/webhooks/purge-webhooks";
import { queueMessages } from "@/lib/webhooks/queue-messages";
import { someEvents } from "@/tests/support/audit";
import { aCaller, anInstance, aRequest } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aForeignHolder } from "@/tests/support/strangers";
import { aWebhookReceiver, isSignedBy } from "@/tests/support/webhook-receiver";
import { aWebhook, deliveriesOf, endpointOf, letAllBeDue } from "@/tests/support/webhooks";

const receiver = aWebhookReceiver();
let admin: Caller;

beforeAll(async () => {
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});
afterEach(async () => {
  await prisma().webhookEndpoint.deleteMany();
});

const again = () => ({ ...admin, request: aRequest() });

async function sealAndQueue(): Promise<void> {
  await sealEverything();
  await queueMessages();
}

const typesOf = async (id: string) => (await deliveriesOf(id)).map(({ eventType }) => eventType);
const bodies = () =>
  receiver.received.map(({ body }) => JSON.parse(body) as { type: string; data: { id: string } });

describe("what an endpoint is told of", () => {
  test("each event becomes one message, whoever queues and however many crash (F113, F128)", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    const ids = await someEvents(30);
    await sealEverything();
    // A crash between the messages and how far it is: neither is there.
    await inTransaction(async (tx) => {
      const row = { id: newId(), endpointId: id, eventType: "x", seq: 1n };
      await tx.webhookDelivery.create({ data: row });
      throw new Error("crashed");
    }).catch(() => null);
    await race(5, () => queueMessages());
    // Set back, as by a copy of the table that is older: what is there stays one.
    await prisma().webhookEndpoint.update({ where: { id }, data: { seq: 0n } });
    await race(5, () => queueMessages());
    const told = (await deliveriesOf(id)).map(({ eventId }) => eventId);
    expect(new Set(told).size).toBe(told.length);
    expect(told).toEqual(expect.arrayContaining(ids));
  });

  test("of all, of a kind, or of one action", async () => {
    const kind = await aWebhook(admin, receiver.url(), { eventTypes: ["thing.*", "other.done"] });
    const one = await aWebhook(admin, receiver.url(), { eventTypes: ["thing.left"] });
    for (const action of ["thing.done", "thing.left", "things.done", "other.done", "other.left"]) {
      await recordStandaloneEvent(
        { action, outcome: "success", actor: { type: "system" } },
        aRequest(),
      );
    }
    await sealAndQueue();
    expect(await typesOf(kind.id)).toEqual(["thing.done", "thing.left", "other.done"]);
    expect(await typesOf(one.id)).toEqual(["thing.left"]);
  });

  test("one of an organization is told of what was done there, and of nothing else (F81)", async () => {
    const auditor = await aForeignHolder("manage_webhooks", "view_audit_log");
    const { id } = await aWebhook(auditor, receiver.url(), { place: "organization" });
    const change = { action: "thing.done" };
    const by = (caller: Caller) =>
      inTransaction((tx) => recordChange({ ...caller, request: aRequest() }, change, tx));
    await by(admin);
    const here = await by(auditor);
    await someEvents(2);
    await sealAndQueue();
    expect((await deliveriesOf(id)).map(({ eventId }) => eventId)).toEqual([here]);
  });

  test("one that takes nothing has a bounded backlog, loses nothing, and holds nobody up (FLT-31)", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    await prisma().$executeRaw`
      INSERT INTO webhook_deliveries (id, endpoint_id, event_type)
      SELECT gen_random_uuid(), ${id}::uuid, 'webhook.test'
        FROM generate_series(1, ${BACKLOG_MAX - 2}::int)`;
    const ids = await someEvents(5);
    await sealAndQueue();
    await queueMessages();
    expect(await prisma().webhookDelivery.count({ where: { endpointId: id } })).toBe(BACKLOG_MAX);
    await prisma().webhookDelivery.deleteMany({ where: { endpointId: id, eventId: null } });
    await queueMessages();
    expect((await deliveriesOf(id)).map(({ eventId }) => eventId)).toEqual(ids);
  });
});

describe("sending (F128)", () => {
  test("a message is signed, and says what the stream says of the event", async () => {
    const { id, secret } = await aWebhook(admin, receiver.url());
    const [event = ""] = await someEvents(1);
    await sealAndQueue();
    expect(await deliverMessages()).toBe(1);
    const [message] = receiver.received;
    if (message === undefined) expect.unreachable();
    expect(isSignedBy(secret, message)).toBe(true);
    expect(isSignedBy(`whsec_${"A".repeat(44)}`, message)).toBe(false);
    expect(bodies()).toMatchObject([
      { type: "thing.done", data: { id: event, action: "thing.done", reason: "reason 0" } },
    ]);
    expect(await deliveriesOf(id)).toMatchObject([
      { status: 204, attempts: 1, nextAttemptAt: null, error: null },
    ]);
  });

  test("of many instances at once, each message is sent once", async () => {
    await aWebhook(admin, receiver.url());
    const ids = await someEvents(25);
    await sealAndQueue();
    await race(4, () => deliverMessages());
    expect(
      bodies()
        .map(({ data }) => data.id)
        .sort(),
    ).toEqual(ids.sort());
  });

  test("what is refused is tried again later each time under its id, then given up, and can be sent again", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    await someEvents(1);
    await sealAndQueue();
    receiver.status = 500;
    const waits: number[] = [];
    await deliverMessages();
    for (let attempt = 1; attempt < 20; attempt += 1) {
      const [delivery] = await deliveriesOf(id);
      const { nextAttemptAt = null, attemptedAt = null } = delivery ?? {};
      if (nextAttemptAt === null || attemptedAt === null) break;
      waits.push(Math.round((Number(nextAttemptAt) - Number(attemptedAt)) / 1_000));
      expect(await deliverMessages()).toBe(0);
      await letAllBeDue(id);
      await retryFailingReceivers();
    }
    expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400]);
    const [given] = await deliveriesOf(id);
    expect(given).toMatchObject({
      attempts: 8,
      status: 500,
      error: "The receiver answered 500.",
      deliveredAt: null,
    });
    expect((await endpointOf(id)).failingSince).not.toBeNull();
    receiver.status = 204;
    expect(await redeliver(again(), id, newId())).toEqual({ outcome: "not-found" });
    expect(await redeliver(again(), id, given?.id ?? "")).toEqual({ outcome: "queued", count: 1 });
    // It waits: a second click sends no second message.
    expect(await redeliver(again(), id, given?.id ?? "")).toEqual({ outcome: "not-found" });
    expect(await retryFailingReceivers()).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect((await endpointOf(id)).failingSince).toBeNull();
    expect(
      await prisma().auditEvent.count({ where: { action: "webhook.redelivered", targetId: id } }),
    ).toBe(1);
  });

  test("a receiver that is not there is no outage of ours: it is asked ever less often, and the log of deliveries says so", async () => {
    const { id } = await aWebhook(admin, "https://nobody.invalid/hook");
    await someEvents(2);
    await sealAndQueue();
    expect(await deliverMessages()).toBe(0);
    const failed = await deliveriesOf(id);
    expect(failed).toHaveLength(2);
    for (const delivery of failed) {
      expect(delivery).toMatchObject({ attempts: 1, status: null });
      expect(delivery.error).toMatch(/^Not asked, or not answered: /);
      const wait = Number(delivery.nextAttemptAt) - Number(delivery.attemptedAt);
      expect(Math.round(wait / 1_000)).toBe(5);
    }
    expect((await endpointOf(id)).failingSince).not.toBeNull();
  });

  test("everything that was given up since a time is sent again", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    await someEvents(3);
    await sealAndQueue();
    const [old] = await deliveriesOf(id);
    await prisma().webhookDelivery.updateMany({
      where: { endpointId: id },
      data: { nextAttemptAt: null, attempts: 8 },
    });
    await prisma().webhookDelivery.update({
      where: { id: old?.id ?? "" },
      data: { createdAt: new Date(Date.now() - days(2) * 1_000) },
    });
    const since = new Date(Date.now() - days(1) * 1_000);
    expect(await redeliverGivenUp(again(), id, since)).toEqual({ outcome: "queued", count: 2 });
    expect(await deliverMessages()).toBe(2);
  });

  test("a receiver that hangs holds up no other", { timeout: seconds(30) * 1_000 }, async () => {
    const hanging = await aWebhook(admin, receiver.url());
    await someEvents(3);
    await sealAndQueue();
    receiver.status = 0;
    await deliverMessages();
    expect(await deliveriesOf(hanging.id)).toMatchObject(
      Array.from({ length: 3 }, () => ({
        status: null,
        error: expect.stringContaining("time"),
      })),
    );
    receiver.status = 204;
    const other = await aWebhook(admin, receiver.url("/other"));
    await someEvents(3);
    await sealAndQueue();
    await letAllBeDue(hanging.id);
    // The one that hung is not asked in this round.
    expect(await deliverMessages()).toBe(3);
    expect((await deliveriesOf(other.id)).every(({ deliveredAt }) => deliveredAt !== null)).toBe(
      true,
    );
  });

  test("an address within our own network is not asked, and the log says so (F123, ATK-62)", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    const canary = receiver.url().replace("127.0.0.1", "localhost").replace("http:", "https:");
    await prisma().webhookEndpoint.update({ where: { id }, data: { url: canary } });
    await someEvents(1);
    await sealAndQueue();
    expect(await deliverMessages()).toBe(0);
    expect(receiver.received).toEqual([]);
    const [delivery] = await deliveriesOf(id);
    expect(delivery?.error).toContain("private-address");
  });

  test("what fails for days is switched off, with an event and a mail; switched on it is told of what it missed", async () => {
    const { id } = await aWebhook(admin, receiver.url(), { eventTypes: ["thing.*"] });
    await someEvents(1);
    await sealAndQueue();
    receiver.status = 500;
    await deliverMessages();
    const failingSince = new Date(Date.now() - days(6) * 1_000);
    await prisma().webhookEndpoint.update({ where: { id }, data: { failingSince } });
    await letAllBeDue(id);
    await race(3, () => retryFailingReceivers());
    expect(await endpointOf(id)).toMatchObject({ enabled: false, switchedOffFor: "failing" });
    expect(
      await prisma().auditEvent.count({ where: { action: "webhook.switched_off", targetId: id } }),
    ).toBe(1);
    const mail = { kind: "webhook-switched-off", recipient: admin.principal.email };
    expect(await prisma().outboxMessage.count({ where: mail })).toBe(1);
    const missed = await someEvents(2);
    await sealAndQueue();
    expect(await deliveriesOf(id)).toHaveLength(1);
    receiver.status = 204;
    receiver.received.length = 0;
    expect(await sendTestMessage(again(), id)).toMatchObject({ reason: "switched-off" });
    await changeWebhook(again(), id, { enabled: true });
    await sealAndQueue();
    await letAllBeDue(id);
    await deliverMessages();
    expect(bodies().map(({ data }) => data.id)).toEqual(expect.arrayContaining(missed));
  });

  test("a receiver that says it is gone is switched off at once", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    await someEvents(1);
    await sealAndQueue();
    receiver.status = 410;
    await deliverMessages();
    expect(await endpointOf(id)).toMatchObject({ enabled: false, switchedOffFor: "gone" });
  });

  test("while a secret replaces another both sign, and the former one ends", async () => {
    const { id, secret } = await aWebhook(admin, receiver.url());
    const rotated = await rotateWebhookSecret(again(), id);
    if (rotated.outcome !== "rotated") expect.unreachable();
    await sendTestMessage(again(), id);
    await deliverMessages();
    const [both] = receiver.received;
    if (both === undefined) expect.unreachable();
    expect([secret, rotated.secret].map((one) => isSignedBy(one, both))).toEqual([true, true]);
    expect(JSON.parse(both.body)).toMatchObject({ type: "webhook.test" });
    const formerUntil = new Date(Date.now() - 1_000);
    await prisma().webhookEndpoint.update({ where: { id }, data: { formerUntil } });
    await sendTestMessage(again(), id);
    await deliverMessages();
    const [, one] = receiver.received;
    if (one === undefined) expect.unreachable();
    expect([secret, rotated.secret].map((each) => isSignedBy(each, one))).toEqual([false, true]);
    await purgeWebhooks();
    expect((await endpointOf(id)).formerSecret).toBeNull();
  });

  test("a test is tried once", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    receiver.status = 503;
    await sendTestMessage(again(), id);
    await deliverMessages();
    expect(await deliveriesOf(id)).toMatchObject([{ attempts: 1, nextAttemptAt: null }]);
  });

  test("the log keeps thirty days of what has come to its end, and what waits", async () => {
    const { id } = await aWebhook(admin, receiver.url());
    await someEvents(2);
    await sealAndQueue();
    const [waiting, ended] = await deliveriesOf(id);
    const createdAt = new Date(Date.now() - days(31) * 1_000);
    await prisma().webhookDelivery.updateMany({ where: { endpointId: id }, data: { createdAt } });
    await prisma().webhookDelivery.update({
      where: { id: ended?.id ?? "" },
      data: { nextAttemptAt: null },
    });
    await purgeWebhooks();
    expect((await deliveriesOf(id)).map((delivery) => delivery.id)).toEqual([waiting?.id]);
  });
});
