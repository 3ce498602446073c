import { beforeEach, expect, test } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import { can } from "@/lib/authz/decide";
import type { Probe } from "@/lib/authz/impact/probe";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import { saveVersion } from "@/lib/policies/save-version";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aUser, callerOf } from "@/tests/support/builders";
import { aContent, aPolicyOf } from "@/tests/support/policies";
import { impactOf, toldBy } from "@/tests/support/previews";
import { aCallerHolding, aRole, aUserHolding, give } from "@/tests/support/roles";

// Who gains and who loses what when a version goes into force, before it does (F92).

const terms = (probe?: Probe, confirmed = false) => ({ expectedVersion: null, confirmed, probe });
let admin: Caller;

beforeEach(async () => {
  await prisma().policy.deleteMany();
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  admin = await aCaller({ roles: ["Admin"] });
});

const mayView = async (userId: string) => can(await callerOf(userId), INVOICE_PERMISSIONS.view);

/** It denies these people, whoever they are else. */
const denying = (roleId: string) =>
  aContent({
    effect: "deny",
    permissions: ["view_invoice"],
    condition: { kind: "role", ids: [roleId] },
  });

test("activating, rolling back and deactivating name who loses and who gains, and the save does just that", async () => {
  const [one, other] = [await aRole({}), await aRole({})];
  const first = await aUserHolding({ view_invoice: "all" });
  const second = await aUserHolding({ view_invoice: "all" });
  await give(first.id, one);
  await give(second.id, other);
  await callerOf(first.id);
  const id = await aPolicyOf(denying(one));
  const activate = (number: number) => (probe?: Probe) =>
    activateVersion(admin, id, number, terms(probe));

  const activated = await impactOf(admin, activate(1));
  expect(activated).toMatchObject({ people: 1, losing: 1, gaining: 0, sessions: 1 });
  expect(activated.foretold).toBeNull();
  expect(toldBy(activated)).toEqual({ [first.id]: ["lost view_invoice"] });
  expect(await mayView(first.id)).toBe(true);
  expect((await activate(1)()).outcome).toBe("changed");
  expect([await mayView(first.id), await mayView(second.id)]).toEqual([false, true]);

  await saveVersion(admin, id, denying(other), terms());
  expect(toldBy(await impactOf(admin, activate(2)))).toEqual({
    [first.id]: ["gained view_invoice"],
    [second.id]: ["lost view_invoice"],
  });
  await activate(2)();
  expect([await mayView(first.id), await mayView(second.id)]).toEqual([true, false]);
  expect(toldBy(await impactOf(admin, activate(1)))).toEqual({
    [first.id]: ["lost view_invoice"],
    [second.id]: ["gained view_invoice"],
  });

  const end = (probe?: Probe) => deactivatePolicy(admin, id, terms(probe));
  expect(toldBy(await impactOf(admin, end))).toEqual({ [second.id]: ["gained view_invoice"] });
  await end();
  expect([await mayView(first.id), await mayView(second.id)]).toEqual([true, true]);
  expect(await impactOf(admin, end)).toMatchObject({ people: 0, permissions: [] });
});

test("what a save would be refused for is foretold: one's own loss until it is confirmed (ATK-44)", async () => {
  const content = aContent({ effect: "deny", permissions: ["view_invoice"], condition: null });
  const id = await aPolicyOf(content);
  const run = (confirmed: boolean) => (probe?: Probe) =>
    activateVersion(admin, id, 1, terms(probe, confirmed));
  const foretold = await impactOf(admin, run(false));
  const refused = await run(false)();
  expect(refused).toMatchObject({ reason: "confirmation-required", lost: ["view_invoice"] });
  expect(foretold.foretold).toEqual(refused);
  expect(foretold.own).toMatchObject([{ permissionKey: "view_invoice", difference: "lost" }]);
  expect((await impactOf(admin, run(true))).foretold).toBeNull();
  expect((await prisma().policy.findUniqueOrThrow({ where: { id } })).activeNumber).toBeNull();
});

test("the last administrator is foretold as well, and nothing is in force (ATK-44)", async () => {
  const content = aContent({ effect: "deny", permissions: ["manage_users"], condition: null });
  const id = await aPolicyOf(content);
  const run = (probe?: Probe) => activateVersion(admin, id, 1, terms(probe, true));
  const foretold = await impactOf(admin, run);
  const refused = await run();
  expect(refused).toMatchObject({ reason: "last-administrator" });
  expect(foretold.foretold).toEqual(refused);
});

test("nobody previews a policy that they may not put in force, or one that somebody changed (ATK-42)", async () => {
  const id = await aPolicyOf(denying(await aRole({})));
  const author = await aCallerHolding({ manage_policies: "all" });
  expect(
    await previewChange(author, (probe) => activateVersion(author, id, 1, terms(probe))),
  ).toMatchObject({ outcome: "rejected", reason: "beyond-own-permissions" });
  const stale = { expectedVersion: 99, confirmed: false };
  expect(
    await previewChange(admin, (probe) => activateVersion(admin, id, 1, { ...stale, probe })),
  ).toMatchObject({ outcome: "rejected", reason: "stale" });
  expect(
    await previewChange(admin, (probe) => activateVersion(admin, id, 7, terms(probe))),
  ).toMatchObject({ outcome: "rejected", reason: "unknown-version" });
});
