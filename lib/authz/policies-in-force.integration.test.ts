import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { createRole } from "@/lib/authz/create-role";
import { can } from "@/lib/authz/decide";
import { replay, type Trace } from "@/lib/authz/trace";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { pool } from "@/lib/platform/db/pool";
import { newId } from "@/lib/platform/id";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import { aCaller, anInstance, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";

const { view, update } = INVOICE_PERMISSIONS;

beforeAll(async () => {
  await anInstance();
});

afterEach(async () => {
  await prisma().policy.deleteMany();
});

const refusalOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (e) => e,
  );

test("a policy in force denies what roles give, and what policies allow (F92)", async () => {
  await aPolicy(["view_invoice"], { effect: "allow" });
  const nobody = await aCaller({ roles: [] });
  expect(await can(nobody, view)).toBe(true);
  await aPolicy(["view_invoice"]);
  expect(await can(await aCaller({ roles: [] }), view)).toBe(false);
  const error = await refusalOf(authorize(await aCaller({ roles: ["Admin"] }), view));
  expect(error).toMatchObject({ reason: "denied-by-policy" });
});

test("a refusal keeps a trace under its decision id, from which it can be made again (F95)", async () => {
  const id = await aPolicy(["update_invoice"], {
    condition: { kind: "field", field: "status", operator: "equals", value: "paid" },
  });
  const caller = await aCaller({ roles: ["Manager"] });
  const invoice = { id: newId(), ownerId: newId(), status: "paid", amount: 1, secret: "kept out" };
  const error = await refusalOf(authorize(caller, update, invoice));
  if (!(error instanceof AccessDenied)) throw new Error("nothing was denied");
  const row = await prisma().decisionTrace.findUniqueOrThrow({ where: { id: error.decisionId } });
  const trace = row.trace as unknown as Trace;
  expect(row.organizationId).toBe(caller.principal.organizationId);
  expect(trace.verdict).toMatchObject({ allowed: false, reason: "denied-by-policy" });
  expect(trace.rules[trace.verdict.decidedBy ?? -1]).toMatchObject({
    source: { kind: "policy", id, number: 1 },
    explained: { finding: "met", actual: "paid" },
  });
  expect(JSON.stringify(trace)).not.toContain("kept out");
  expect(replay(trace)).toEqual(trace.verdict);
});

test("a version in shadow changes no decision and is counted for those that it would change", async () => {
  const id = await aPolicy(["view_invoice"], { stage: "shadow" });
  const manager = await aCaller({ roles: ["Manager"] });
  await authorize(manager, view);
  await authorize(manager, view);
  await authorize(manager, update);
  // What is denied anyway would not change.
  await refusalOf(authorize(await aCaller({ roles: [] }), view));
  // A button asks without doing: it is no decision of anybody's.
  expect(await can(manager, view)).toBe(true);
  const counts = await prisma().policyShadowCount.findMany({ where: { policyId: id } });
  expect(counts).toMatchObject([
    { number: 1, permissionKey: "view_invoice", wouldDeny: 2, wouldAllow: 0 },
  ]);
});

test("where a later proof would do, it is asked for instead of a refusal", async () => {
  await aPolicy(["view_invoice"], {
    condition: { kind: "not", condition: { kind: "assurance", acr: "urn:gatehouse:aal2" } },
  });
  const caller = await aCaller({ roles: ["Manager"] });
  const error = await refusalOf(authorize(caller, view));
  expect(error).toBeInstanceOf(AssuranceInsufficient);
  expect(error).toMatchObject({ requirement: { acr: "urn:gatehouse:aal2" } });
  // Whoever lacks the permission itself is helped by no proof.
  expect(await refusalOf(authorize(await aCaller({ roles: [] }), view))).toBeInstanceOf(
    AccessDenied,
  );
});

test("what a policy denies somebody is not theirs to pass on (ATK-42)", async () => {
  const caller = await aCaller({ roles: ["Admin"] });
  await aPolicy(["delete_invoice"], {
    condition: { kind: "user", ids: [caller.principal.userId] },
  });
  const later = await callerWith(await aSession(caller.principal.userId));
  const result = await createRole(later, {
    name: `Passed on ${newId()}`,
    description: "",
    grants: { delete_invoice: "all" },
  });
  expect(result).toMatchObject({ reason: "beyond-own-permissions", missing: ["delete_invoice"] });
});

test("a check of a principal who was here before is the session's query and no other (D5)", async () => {
  const cookie = await aSession((await aUser({ roles: ["Manager"] })).id);
  await can(await callerWith(cookie), view);
  const query = vi.spyOn(pool(), "query");
  expect(await can(await callerWith(cookie), view)).toBe(true);
  expect(query).toHaveBeenCalledTimes(1);
  query.mockRestore();
});
