import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { describeOutbox, listMessages } from "@/lib/outbox/list-messages";
import { discardMessage, retryEveryFailed, retryMessage } from "@/lib/outbox/manage-messages";
import type { MessageListing } from "@/lib/outbox/outbox.schema";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { Caller } from "@/lib/shared/caller";
import { send } from "@/tests/support/api";
import { aCaller, anInstance, aRequest, aSession, aUser } from "@/tests/support/builders";
import { race } from "@/tests/support/race";
import { aCallerHolding, eventsOf } from "@/tests/support/roles";
import { aForeignHolder } from "@/tests/support/strangers";

const received: string[] = [];
let refuses = false;

const server = new SMTPServer({
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: ({ address }, _session, done) =>
    refuses
      ? done(Object.assign(new Error(`<${address}> is unknown here`), { responseCode: 550 }))
      : done(),
  onData(stream, { envelope }, done) {
    stream.resume();
    stream.on("end", () => {
      const to = envelope.rcptTo.map(({ address }) => address);
      received.push(...to);
      done();
    });
  },
});

let admin: Caller;
const again = (caller: Caller): Caller => ({ ...caller, request: aRequest() });

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${port}`);
  await anInstance();
  admin = await aCaller({ roles: ["Admin"] });
});

afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

beforeEach(async () => {
  refuses = false;
  received.length = 0;
  await prisma().outboxMessage.deleteMany();
});

async function queued(recipient = "ada@example.com", lifetimeSeconds?: number): Promise<string> {
  const content = () => ({ subject: "Hello", paragraphs: ["the secret of the mail"] });
  const lifetime = lifetimeSeconds === undefined ? {} : { lifetimeSeconds };
  await enqueueMail("password-changed", recipient, content, prisma(), lifetime);
  const newest = { orderBy: { id: "desc" } as const, where: { recipient } };
  return (await prisma().outboxMessage.findFirstOrThrow(newest)).id;
}

/** Refused once by the server, and not tried again for a while. */
async function failed(recipient = "ada@example.com"): Promise<string> {
  const id = await queued(recipient);
  refuses = true;
  await deliverDueMail();
  refuses = false;
  return id;
}

/** As a worker claims it that is sending it now. */
const inHands = (id: string) => {
  const leaseEnd = new Date(Date.now() + 60_000);
  const data = { attempts: 1, nextAttemptAt: leaseEnd, claimedUntil: leaseEnd };
  return prisma().outboxMessage.update({ where: { id }, data });
};

const expire = (id: string) =>
  prisma().outboxMessage.update({ where: { id }, data: { expiresAt: new Date(0) } });

async function listed(caller: Caller, listing: MessageListing = {}) {
  const result = await listMessages(again(caller), listing, { limit: 50 });
  return result.outcome === "listed" ? result.messages : expect.unreachable(result.reason);
}

describe("who", () => {
  test("each needs its permission, on the whole installation (ATK-40, ATK-43)", async () => {
    const id = await failed();
    const viewer = await aCallerHolding({ view_outbox: "all" });
    const foreign = await aForeignHolder("view_outbox", "manage_outbox");
    const nobody = await aCaller({ roles: ["Manager"] });
    for (const attempt of [
      () => listMessages(again(nobody), {}, { limit: 1 }),
      () => describeOutbox(again(nobody)),
      () => listMessages(again(foreign), {}, { limit: 1 }),
      () => retryMessage(again(foreign), id),
      () => retryMessage(again(viewer), id),
      () => retryEveryFailed(again(viewer)),
      () => discardMessage(again(viewer), id),
    ]) {
      await expect(attempt()).rejects.toBeInstanceOf(AccessDenied);
    }
    expect(await listed(viewer)).toMatchObject([{ id, state: "failed" }]);
  });

  test("recipients are masked for whoever may not see users, and cannot be tried out", async () => {
    await failed("ada@example.com");
    const viewer = await aCallerHolding({ view_outbox: "all" });
    const reader = await aCallerHolding({ view_outbox: "all", view_users: "all" });
    expect(await listed(viewer)).toMatchObject([{ recipient: "a…@example.com" }]);
    expect(JSON.stringify(await listed(viewer))).not.toContain("ada@");
    expect(await listed(reader)).toMatchObject([{ recipient: "ada@example.com" }]);
    const guess = { recipient: "ada@example.com" };
    expect(await listMessages(again(viewer), guess, { limit: 1 })).toEqual({
      outcome: "rejected",
      reason: "recipients-hidden",
    });
    expect(await listed(reader, guess)).toHaveLength(1);
    expect(await listed(reader, { recipient: "ada" })).toEqual([]);
  });
});

describe("the list", () => {
  test("says in which state each message is and why it failed, and nothing that it says", async () => {
    const sent = await queued("sent@example.com");
    await deliverDueMail();
    await failed("failed@example.com");
    const expired = await queued("expired@example.com", 60);
    await expire(expired);
    await inHands(await queued("sending@example.com"));
    await queued("queued@example.com");
    const messages = await listed(admin);
    expect(messages.map(({ recipient, state }) => [recipient, state])).toEqual([
      ["queued@example.com", "queued"],
      ["sending@example.com", "sending"],
      ["expired@example.com", "expired"],
      ["failed@example.com", "failed"],
      ["sent@example.com", "sent"],
    ]);
    expect(messages[3]).toMatchObject({ failure: "recipient-refused", attempts: 1 });
    expect(messages[4]).toMatchObject({ id: sent, sentAt: expect.any(Date), nextAttemptAt: null });
    const text = JSON.stringify(messages);
    for (const hidden of ["secret of the mail", "unknown here"]) expect(text).not.toContain(hidden);
    for (const { state } of messages) expect(await listed(admin, { state })).toHaveLength(1);
    expect((await describeOutbox(again(admin))).unsent).toEqual({
      queued: 1,
      sending: 1,
      failed: 1,
      expired: 1,
    });
  });

  test("is read in pages, forwards and back", async () => {
    for (let index = 0; index < 5; index += 1) await queued(`n${index}@example.com`);
    const page = async (cursor?: string) => {
      const result = await listMessages(again(admin), {}, { cursor, limit: 2 });
      return result.outcome === "listed" ? result : expect.unreachable(result.reason);
    };
    const first = await page();
    const second = await page(first.nextCursor ?? "");
    const third = await page(second.nextCursor ?? "");
    const all = [first, second, third].flatMap(({ messages }) => messages);
    expect(all.map(({ recipient }) => recipient[1]).join("")).toBe("43210");
    expect(third.nextCursor).toBeNull();
    expect(first.previousCursor).toBeNull();
    const back = await page(third.previousCursor ?? "");
    expect(back.messages).toEqual(second.messages);
    expect(await listMessages(again(admin), {}, { cursor: "x", limit: 2 })).toEqual({
      outcome: "rejected",
      reason: "unknown-cursor",
    });
  });
});

describe("trying again", () => {
  test("of fifty administrators one has a failed message tried again, and it is sent once", async () => {
    const id = await failed();
    const callers = Array.from({ length: 50 }, () => again(admin));
    const results = await race(50, (index) => retryMessage(callers[index] ?? admin, id));
    expect(results.filter(({ outcome }) => outcome === "retried")).toHaveLength(1);
    const events = (await Promise.all(callers.map(eventsOf))).flat();
    expect(events.map(({ action }) => action)).toEqual(["outbox.retried"]);
    await race(10, () => deliverDueMail());
    expect(received).toEqual(["ada@example.com"]);
  });

  test("all that failed, while workers send and others retry one by one: each is sent once", async () => {
    const ids: string[] = [];
    for (let index = 0; index < 15; index += 1) ids.push(await failed(`n${index}@example.com`));
    const tried = await Promise.all([
      race(5, () => retryEveryFailed(again(admin))),
      race(15, async (index) =>
        (await retryMessage(again(admin), ids[index] ?? "")).outcome === "retried" ? 1 : 0,
      ),
      race(5, () => deliverDueMail().then(() => 0)),
    ]);
    expect(tried.flat().reduce((sum, count) => sum + count)).toBe(15);
    while ((await deliverDueMail()) > 0);
    expect(received.toSorted()).toEqual(ids.map((_, index) => `n${index}@example.com`).toSorted());
    expect(await retryEveryFailed(again(admin))).toBe(0);
  });

  test("while a worker has it: it is not sent a second time", async () => {
    const id = await failed();
    await inHands(id);
    const sending = { outcome: "rejected", state: "sending" };
    expect(await retryMessage(again(admin), id)).toEqual(sending);
    expect(await discardMessage(again(admin), id)).toEqual(sending);
    expect(await retryEveryFailed(again(admin))).toBe(0);
    expect(await deliverDueMail()).toBe(0);
  });

  test("what is sent stays sent, and what has expired is not sent, and says why", async () => {
    const sent = await queued();
    await deliverDueMail();
    expect(await retryMessage(again(admin), sent)).toEqual({ outcome: "rejected", state: "sent" });
    expect(await discardMessage(again(admin), sent)).toMatchObject({ state: "sent" });
    const expired = await failed("late@example.com");
    await expire(expired);
    expect(await retryMessage(again(admin), expired)).toMatchObject({ state: "expired" });
    expect(await retryEveryFailed(again(admin))).toBe(0);
    expect(await deliverDueMail()).toBe(0);
    expect(received).toEqual(["ada@example.com"]);
  });
});

describe("discarding", () => {
  test("a message that waits is gone, is never sent, and leaves an event without its recipient", async () => {
    const id = await failed();
    const caller = again(admin);
    expect(await discardMessage(caller, id)).toEqual({ outcome: "discarded" });
    expect(await discardMessage(again(admin), id)).toEqual({ outcome: "not-found" });
    expect(await retryMessage(again(admin), newId())).toEqual({ outcome: "not-found" });
    expect(await deliverDueMail()).toBe(0);
    expect(await eventsOf(caller)).toMatchObject([
      {
        action: "outbox.discarded",
        targetId: id,
        before: { channel: "mail", kind: "password-changed", recipient: "a…@example.com" },
      },
    ]);
  });

  test("raced with the worker it is either sent or discarded", async () => {
    for (let round = 0; round < 10; round += 1) {
      received.length = 0;
      const id = await queued();
      const [result] = await Promise.all([discardMessage(again(admin), id), deliverDueMail()]);
      expect(received).toHaveLength(result.outcome === "discarded" ? 0 : 1);
    }
  });
});

test("over the API: listed, tried again and discarded, each with its answer", async () => {
  const session = await aSession((await aUser({ roles: ["Admin"] })).id);
  const id = await failed();
  expect(await send(session, "GET", "/api/v1/outbox?state=failed")).toMatchObject({
    status: 200,
    body: { items: [{ id, state: "failed", failure: "recipient-refused" }], nextCursor: null },
  });
  expect((await send(session, "POST", `/api/v1/outbox/${id}/retry`)).status).toBe(204);
  expect(await send(session, "POST", `/api/v1/outbox/${id}/retry`)).toMatchObject({
    status: 409,
    body: { code: "message_state", detail: "It is queued." },
  });
  expect(await send(session, "POST", "/api/v1/outbox/retry")).toMatchObject({
    status: 200,
    body: { queued: 0 },
  });
  expect((await send(session, "DELETE", `/api/v1/outbox/${id}`)).status).toBe(204);
  expect((await send(session, "DELETE", `/api/v1/outbox/none`)).status).toBe(404);
});
