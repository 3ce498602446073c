import { expect, test } from "vitest";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { listOwnSecurityEvents } from "@/lib/audit-log/own-security-events";
import { aCaller, aRequest } from "@/tests/support/builders";

test("an owner sees what they did and what was done to them, newest first, and nobody else's", async () => {
  const [caller, other] = [await aCaller(), await aCaller()];
  const asUser = ({ principal }: typeof caller) =>
    ({ type: "user", id: principal.userId }) as const;
  const own = { actor: asUser(caller), outcome: "success" } as const;
  const request = aRequest();
  const record = (event: Parameters<typeof recordStandaloneEvent>[0]) =>
    recordStandaloneEvent(event, request);
  const added = await record({ ...own, action: "factor.added", after: { factor: "totp" } });
  const refused = await record({
    action: "session.rejected",
    outcome: "failure",
    actor: { type: "anonymous" },
    target: { type: "user", id: caller.principal.userId },
  });
  const raised = await record({ ...own, action: "session.raised", target: asUser(caller) });
  await record({ ...own, action: "invoice.created" });
  await record({ action: "session.created", outcome: "success", actor: asUser(other) });

  const events = await listOwnSecurityEvents(caller, 10);
  expect(events.map(({ id }) => id).slice(0, 3)).toEqual([raised, refused, added]);
  expect(events.map(({ action }) => action)).not.toContain("invoice.created");
  expect(events[2]).toMatchObject({ action: "factor.added", factor: "totp" });
  const [newest] = await listOwnSecurityEvents(caller, 1);
  expect(newest?.id).toBe(raised);
  const others = await listOwnSecurityEvents(other, 10);
  expect(others.map(({ id }) => id)).not.toContain(raised);
});
