import { expect, test } from "vitest";
import { type AuditEventInput, recordStandaloneEvent } from "@/lib/audit/record-event";
import { type ActivityKind, listOwnActivity } from "@/lib/audit-log/own-activity";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aRequest } from "@/tests/support/builders";

const asUser = ({ principal }: Caller) => ({ type: "user", id: principal.userId }) as const;
const record = (event: AuditEventInput) => recordStandaloneEvent(event, aRequest());

async function activity(caller: Caller, kind?: ActivityKind, limit = 50, cursor?: string) {
  const page = await listOwnActivity(caller, { kind, limit, cursor });
  if (page.outcome !== "listed") throw new Error(page.reason);
  return page;
}

test("everybody reads of their own account, and nothing of anybody else's (ATK-43)", async () => {
  const [caller, other] = [await aCaller(), await aCaller()];
  const done = { outcome: "success" } as const;
  const own = await record({ ...done, action: "factor.added", actor: asUser(caller) });
  const suffered = await record({
    ...done,
    action: "user.factors_reset",
    actor: asUser(other),
    target: asUser(caller),
  });
  const asThem = await record({
    ...done,
    action: "invoice.created",
    actor: { ...asUser(other), subjectId: caller.principal.userId },
  });
  const foreign = await record({ ...done, action: "factor.added", actor: asUser(other) });
  const unsaid = await record({ ...done, action: "invoice.created", actor: asUser(caller) });

  const mine = await activity(caller);
  expect(mine.events.slice(0, 3).map(({ id }) => id)).toEqual([asThem, suffered, own]);
  // Where somebody else was is theirs.
  expect(mine.events[1]).toMatchObject({ bySomebodyElse: true, ip: null, userAgent: null });
  expect(mine.events[0]).toMatchObject({ doneAsUser: "invoice.created", bySomebodyElse: true });
  expect(mine.events[2]).toMatchObject({ bySomebodyElse: false, ip: "192.0.2.1" });
  // Nor is what an administrator does to others theirs to read about here.
  const theirs = (await activity(other)).events.map(({ id }) => id);
  expect(theirs).toContain(foreign);
  expect(theirs.filter((id) => [own, suffered, asThem, unsaid].includes(id))).toEqual([]);
  expect(mine.events.map(({ id }) => id)).not.toContain(foreign);
  expect(mine.events.map(({ id }) => id)).not.toContain(unsaid);
});

test("each kind has what it says, and together they have everything", async () => {
  const caller = await aCaller();
  const actor = asUser(caller);
  await record({ action: "session.raised", outcome: "success", actor });
  await record({ action: "session.raised", outcome: "failure", actor });
  await record({ action: "user.password_changed", outcome: "success", actor });
  const of = async (kind?: ActivityKind) =>
    (await activity(caller, kind)).events.map(({ action, outcome }) => `${action} ${outcome}`);
  expect(await of("changes")).toEqual(["user.password_changed success"]);
  expect(await of("refusals")).toEqual(["session.raised failure"]);
  expect(await of("sign-ins")).toEqual(["session.raised success", "session.created success"]);
  expect(await of()).toHaveLength(4);
});

test("pages go both ways and repeat and skip nothing, also among events of one instant", async () => {
  const caller = await aCaller();
  const actor = asUser(caller);
  for (let index = 0; index < 11; index += 1) {
    await record({ action: "factor.added", outcome: "success", actor, target: actor });
  }
  const whole = (await activity(caller)).events.map(({ id }) => id);
  const forth: string[][] = [];
  let page = await activity(caller, undefined, 5);
  forth.push(page.events.map(({ id }) => id));
  while (page.nextCursor !== null) {
    page = await activity(caller, undefined, 5, page.nextCursor);
    forth.push(page.events.map(({ id }) => id));
  }
  expect(forth.flat()).toEqual(whole);
  expect(forth).toHaveLength(3);
  const back = await activity(caller, undefined, 5, page.previousCursor ?? undefined);
  expect(back.events.map(({ id }) => id)).toEqual(forth[1]);
  expect(await listOwnActivity(caller, { limit: 5, cursor: "nonsense" })).toEqual({
    outcome: "rejected",
    reason: "unknown-cursor",
  });
});
