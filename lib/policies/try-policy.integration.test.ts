import { beforeEach, expect, test } from "vitest";
import { AccessDenied } from "@/lib/authz/authorize";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { type Trial, tryPolicy } from "@/lib/policies/try-policy";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aUser } from "@/tests/support/builders";
import { aContent, aPolicyOf } from "@/tests/support/policies";
import { aCallerHolding, aUserHolding } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

beforeEach(async () => {
  await prisma().policy.deleteMany();
});

const aTrial = (email: string, change: Partial<Trial> = {}): Trial => ({
  email,
  permissionKey: "view_invoice",
  resource: null,
  owned: null,
  context: {
    at: "2026-07-01T10:00:00.000Z",
    ip: "192.0.2.7",
    means: "session",
    acr: "urn:gatehouse:aal1",
    authTime: "2026-07-01T09:55:00.000Z",
  },
  policyId: null,
  draft: null,
  ...change,
});

async function verdicts(caller: Caller, trial: Trial) {
  const result = await tryPolicy(caller, trial);
  if (result.outcome !== "tried") return result;
  return [result.stored.verdict.allowed, result.draft?.verdict.allowed ?? null];
}

test("it says what the stored rules say and what they would say, by time, place, proof and record", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const person = await aUserHolding({ view_invoice: "all" });
  const draft = aContent({
    condition: {
      kind: "any",
      conditions: [
        { kind: "network", ranges: ["198.51.100.0/24"] },
        { kind: "field", field: "amount", operator: "at-least", value: 100 },
        { kind: "not", condition: { kind: "assurance", maxAgeSeconds: 600 } },
      ],
    },
  });
  const trial = aTrial(person.email, { draft, resource: { amount: 5 }, owned: false });
  expect(await verdicts(admin, trial)).toEqual([true, true]);
  expect(await verdicts(admin, { ...trial, resource: { amount: 100 } })).toEqual([true, false]);
  // What is not known of a record counts against whoever asks.
  expect(await verdicts(admin, { ...trial, resource: {} })).toEqual([true, false]);
  const context = (change: Partial<Trial["context"]>) => ({
    ...trial,
    context: { ...trial.context, ...change },
  });
  expect(await verdicts(admin, context({ ip: "198.51.100.9" }))).toEqual([true, false]);
  expect(await verdicts(admin, context({ authTime: "2026-07-01T09:00:00.000Z" }))).toEqual([
    true,
    false,
  ]);
  const own = aContent({ condition: { kind: "own" } });
  expect(await verdicts(admin, { ...trial, draft: own, owned: true })).toEqual([true, false]);
  expect(await verdicts(admin, { ...trial, draft: own, owned: false })).toEqual([true, true]);
});

test("a stored version stands in for the one in force, and nothing is written or counted", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const person = await aUserHolding({ view_invoice: "all" });
  const id = await aPolicyOf({}, { stage: "active" });
  await aPolicyOf({}, { stage: "shadow" });
  await prisma().policyVersion.create({
    data: { policyId: id, number: 2, effect: "allow", permissions: ["view_invoice"] },
  });
  const before = await prisma().auditEvent.count();
  const trial = aTrial(person.email, { policyId: id, draft: 2 });
  expect(await verdicts(admin, trial)).toEqual([false, true]);
  expect(await verdicts(admin, { ...trial, draft: 1 })).toEqual([false, false]);
  expect(await prisma().policyShadowCount.count()).toBe(0);
  expect(await prisma().decisionTrace.count()).toBe(0);
  expect(await prisma().auditEvent.count()).toBe(before);
});

test("it tells nothing of people and policies beyond what the caller may see (ATK-43)", async () => {
  const reader = await aCallerHolding({ view_policies: "all" });
  const admin = await aCaller({ roles: ["Admin"] });
  const nobody = await aCaller({ roles: [] });
  const other = await aUser();
  const foreigner = await aForeignCaller(["Admin"]);
  const unknown = { outcome: "rejected", reason: "unknown-person" };
  await expect(tryPolicy(nobody, aTrial(other.email))).rejects.toThrow(AccessDenied);
  expect(await verdicts(reader, aTrial(other.email))).toEqual(unknown);
  expect(await verdicts(reader, aTrial(reader.principal.email))).toEqual([false, null]);
  expect(await verdicts(foreigner, aTrial("nobody@example.com"))).toEqual(unknown);
  const { organizationId } = foreigner.principal;
  const theirs = await aPolicyOf({}, { organizationId });
  const trial = aTrial(admin.principal.email, { policyId: theirs, draft: 1 });
  expect(await verdicts(admin, trial)).toMatchObject({ reason: "unknown-policy" });
  expect(await verdicts(admin, { ...trial, policyId: newId() })).toMatchObject({
    reason: "unknown-policy",
  });
  // A member of both organizations is asked about in each by its own rules alone.
  await prisma().membership.create({ data: { userId: other.id, organizationId } });
  await aPolicyOf(
    { effect: "allow", permissions: ["view_domains"] },
    { organizationId, stage: "active" },
  );
  const domains = aTrial(other.email, { permissionKey: "view_domains" });
  expect(await verdicts(admin, domains)).toEqual([false, null]);
  expect(await verdicts(foreigner, domains)).toEqual([true, null]);
});

test("what does not fit is said, and not tried", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const trial = aTrial(admin.principal.email);
  expect(await verdicts(admin, { ...trial, permissionKey: "fly" })).toMatchObject({
    reason: "unknown-permission",
  });
  const draft = aContent({ permissions: ["manage_policies"] });
  expect(await verdicts(admin, { ...trial, draft })).toMatchObject({ reason: "unfitting" });
});
