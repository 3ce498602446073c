import { beforeAll, expect, test } from "vitest";
import { recordChange, recordStandaloneEvent } from "@/lib/audit/record-event";
import type { AuditListing } from "@/lib/audit-log/audit-log.schema";
import {
  type AuditEvent,
  listAuditActions,
  listAuditEvents,
  listEventsOfUser,
} from "@/lib/audit-log/list-audit-events";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest, aUser } from "@/tests/support/builders";
import { aForeignHolder } from "@/tests/support/strangers";

let admin: Caller;

beforeAll(async () => {
  admin = await aCaller({ roles: ["Admin"] });
});

const anEvent = {
  action: "thing.done",
  outcome: "success",
  actor: { type: "system" },
} as const;

async function read(
  listing: AuditListing,
  page: { cursor?: string | undefined; limit: number } = { limit: 100 },
) {
  const result = await listAuditEvents(admin, listing, page);
  if (result.outcome !== "listed") throw new Error(`the list was refused: ${result.reason}`);
  return result;
}

const ids = (events: AuditEvent[]) => events.map((event) => event.id);

test("events are narrowed by who, what, whom, how it ended, and when", async () => {
  const [actor, other] = [await aUser(), await aUser()];
  const target = { type: "thing", id: `thing-${newId()}` };
  const byActor = { type: "user", id: actor.id } as const;
  const request = aRequest();
  const record = (event: Parameters<typeof recordStandaloneEvent>[0]) =>
    recordStandaloneEvent(event, request);
  const done = await record({ ...anEvent, actor: byActor, target });
  const failed = await record({ ...anEvent, outcome: "failure", actor: byActor, target });
  const others = await record({ ...anEvent, actor: { type: "user", id: other.id }, target });
  const systems = await record({ ...anEvent, target });
  const strangers = await record({
    ...anEvent,
    action: "thing.left",
    actor: { type: "anonymous" },
    target,
  });
  const all = [strangers, systems, others, failed, done];
  const about = { target: target.id };
  expect(ids((await read(about)).events)).toEqual(all);
  expect(ids((await read({ ...about, actor: actor.id })).events)).toEqual([failed, done]);
  expect(ids((await read({ ...about, actor: "system" })).events)).toEqual([systems]);
  expect(ids((await read({ ...about, actor: "anonymous" })).events)).toEqual([strangers]);
  expect(ids((await read({ ...about, action: "thing.left" })).events)).toEqual([strangers]);
  expect(ids((await read({ ...about, outcome: "failure" })).events)).toEqual([failed]);
  const today = new Date().toISOString().slice(0, 10);
  expect(ids((await read({ ...about, from: today, to: today })).events)).toEqual(all);
  expect((await read({ ...about, to: "2020-01-01" })).events).toEqual([]);
  expect((await read({ ...about, from: "2099-01-01" })).events).toEqual([]);
});

test("walking there and back meets every event once, also those of one instant", async () => {
  const target = { type: "thing", id: `thing-${newId()}` };
  const at = new Date("2026-03-01T12:00:00.000Z");
  for (let count = 0; count < 7; count += 1) {
    await prisma().auditEvent.create({
      data: {
        id: newId(),
        at,
        action: "thing.done",
        outcome: "success",
        actorType: "system",
        requestId: newId(),
        targetType: target.type,
        targetId: target.id,
      },
    });
  }
  const whole = ids((await read({ target: target.id })).events);
  const pages = [await read({ target: target.id }, { limit: 3 })];
  for (let page = pages[0]; page?.nextCursor; page = pages.at(-1)) {
    pages.push(await read({ target: target.id }, { cursor: page.nextCursor, limit: 3 }));
  }
  expect(pages.map((page) => page.events.length)).toEqual([3, 3, 1]);
  expect(pages.flatMap((page) => ids(page.events))).toEqual(whole);
  const back = await read(
    { target: target.id },
    { cursor: pages[1]?.previousCursor ?? undefined, limit: 3 },
  );
  expect(ids(back.events)).toEqual(whole.slice(0, 3));
  expect(back.previousCursor).toBeNull();
});

test("a cursor that is none is refused", async () => {
  expect(await listAuditEvents(admin, {}, { cursor: "x", limit: 1 })).toEqual({
    outcome: "rejected",
    reason: "unknown-cursor",
  });
});

test("who is still there is named, who is gone keeps their id", async () => {
  const user = await aUser();
  const event = {
    ...anEvent,
    actor: { type: "user", id: user.id },
    target: { type: "user", id: user.id },
  } as const;
  await recordStandaloneEvent(event, aRequest());
  const [named] = (await read({ target: user.id, action: "thing.done" })).events;
  expect(named).toMatchObject({
    actor: { type: "user", id: user.id, name: user.email },
    target: { type: "user", id: user.id, name: user.email },
  });
  await prisma().user.delete({ where: { id: user.id } });
  const [unnamed] = (await read({ target: user.id, action: "thing.done" })).events;
  expect(unnamed?.actor).toEqual({ type: "user", id: user.id, name: null });
});

test("an email address or a name finds the events of everybody and everything that bears it", async () => {
  const name = `Twin ${newId()}`;
  const [one, other] = [await aUser(), await aUser()];
  await prisma().user.updateMany({ where: { id: { in: [one.id, other.id] } }, data: { name } });
  const record = (id: string) =>
    recordStandaloneEvent(
      { ...anEvent, actor: { type: "user", id }, target: { type: "user", id } },
      aRequest(),
    );
  const [first, second] = [await record(one.id), await record(other.id)];
  const about = { action: "thing.done" };
  for (const party of ["actor", "target"] as const) {
    const found = async (text: string) => ids((await read({ ...about, [party]: text })).events);
    expect(await found(one.email.toUpperCase())).toEqual([first]);
    expect(await found(name.toLowerCase())).toEqual([second, first]);
    expect(await found(other.id)).toEqual([second]);
    expect(await found(newId())).toEqual([]);
  }
});

test("a name that nothing bears finds nobody's events, and is told", async () => {
  const page = { limit: 1 };
  expect(await listAuditEvents(admin, { actor: "nobody", target: "no%" }, page)).toEqual({
    outcome: "rejected",
    reason: "unknown-party",
    names: ["actor", "target"],
  });
});

test("an event is found by its own id and by that of its request", async () => {
  const request = aRequest({ requestId: newId() });
  const first = await recordStandaloneEvent(anEvent, request);
  const second = await recordStandaloneEvent(anEvent, request);
  expect(ids((await read({ id: first })).events)).toEqual([first]);
  expect(ids((await read({ id: request.requestId })).events)).toEqual([second, first]);
  expect((await read({ id: newId() })).events).toEqual([]);
});

test("the events of a user are what they did and what befell them", async () => {
  const user = await aUser();
  const did = await recordStandaloneEvent(
    { ...anEvent, actor: { type: "user", id: user.id } },
    aRequest(),
  );
  const befell = await recordStandaloneEvent(
    { ...anEvent, target: { type: "user", id: user.id } },
    aRequest(),
  );
  const events = await listEventsOfUser(admin, user.id, 10);
  expect(ids(events).sort()).toEqual([did, befell].sort());
  expect(await listEventsOfUser(admin, user.id, 1)).toHaveLength(1);
});

test("the actions to choose from are those that happened, each once", async () => {
  await recordStandaloneEvent({ ...anEvent, action: "aardvark.fed" }, aRequest());
  await recordStandaloneEvent({ ...anEvent, action: "aardvark.fed" }, aRequest());
  const rows = await prisma().auditEvent.findMany({ distinct: ["action"] });
  const actions = await listAuditActions(admin);
  expect([...actions].sort()).toEqual(rows.map((row) => row.action).sort());
});

test("the audit log is for whoever may view it", async () => {
  const caller = await aCaller({ roles: ["Manager"] });
  const again = () => ({ ...caller, request: aRequest() });
  await expect(listAuditEvents(again(), {}, { limit: 1 })).rejects.toThrow(AccessDenied);
  await expect(listAuditActions(again())).rejects.toThrow(AccessDenied);
  await expect(listEventsOfUser(again(), caller.principal.userId, 1)).rejects.toThrow(AccessDenied);
});

test("who reads the log in one organization reads of what was done there, and finds nobody else (F81)", async () => {
  const theirs = await aCaller({ roles: ["Admin"] });
  const auditor = await aForeignHolder("view_audit_log");
  const there = { ...auditor, request: aRequest() };
  const action = `thing.${newId().slice(-8)}`;
  const done = (caller: Caller) =>
    inTransaction((tx) => recordChange(caller, { action, target: { type: "thing", id: "x" } }, tx));
  const [elsewhere, here] = [await done(theirs), await done(there)];
  const nobodys = await recordStandaloneEvent({ ...anEvent, action }, aRequest());
  const seenBy = async (caller: Caller, listing: AuditListing) => {
    const result = await listAuditEvents(caller, listing, { limit: 100 });
    return result.outcome === "listed" ? ids(result.events) : [result.reason];
  };
  expect(await seenBy(auditor, { action })).toEqual([here]);
  expect([...(await seenBy(admin, { action }))].sort()).toEqual([elsewhere, here, nobodys].sort());
  for (const id of [elsewhere, theirs.request.requestId, nobodys]) {
    expect(await seenBy(auditor, { id })).toEqual([]);
  }
  expect(await seenBy(auditor, { actor: theirs.principal.userId })).toEqual([]);
  // Whether there is somebody of that address elsewhere is not told either.
  expect(await seenBy(auditor, { actor: theirs.principal.email })).toEqual(["unknown-party"]);
  expect(await seenBy(auditor, { actor: auditor.principal.email, action })).toEqual([here]);
  expect(ids(await listEventsOfUser(auditor, theirs.principal.userId, 10))).toEqual([]);
});
