import { beforeEach, expect, test, vi } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { createPolicy } from "@/lib/policies/create-policy";
import { activateVersion, deactivatePolicy } from "@/lib/policies/put-in-force";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { aContent, aPolicyOf } from "@/tests/support/policies";

let evaluations = 0;

vi.mock(import("@/lib/authz/evaluate"), async (original) => {
  const actual = await original();
  return {
    ...actual,
    evaluate: (question) => {
      evaluations += 1;
      if (evaluations > 10_000) throw new Error("this many evaluations block everybody");
      return actual.evaluate(question);
    },
  };
});

beforeEach(async () => {
  await prisma().policy.deleteMany();
  await prisma().user.updateMany({ data: { status: "disabled" } });
});

const TERMS = { expectedVersion: null, confirmed: true };

/** The block of 50 networks with this number; no two share one. */
const blockOf = (number: number) =>
  Array.from({ length: 50 }, (_, index) => `10.${number}.${index}.0/24`);

async function activate(caller: Caller, condition: Parameters<typeof aContent>[0]) {
  const content = aContent({ permissions: ["manage_roles"], ...condition });
  const created = await createPolicy(caller, {
    name: "One more",
    description: "",
    place: "instance",
    content,
  });
  if (created.outcome !== "created") throw new Error(created.outcome);
  evaluations = 0;
  return activateVersion(caller, created.policy.id, 1, TERMS);
}

test("whether an administrator is left is found out at once, or refused, however many networks are named (ATK-44)", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  for (let number = 0; number < 49; number += 1) {
    const condition = { kind: "network" as const, ranges: blockOf(number) };
    await aPolicyOf({ permissions: ["manage_roles"], condition }, { stage: "active" });
  }
  const last = { outcome: "rejected", reason: "last-administrator" };
  expect(await activate(admin, { condition: null })).toMatchObject(last);
  expect(evaluations).toBeLessThan(3_000);
});

test("of one hour a week it is known that somebody can work in it", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const hour = { kind: "hours" as const, timeZone: "UTC", from: "02:00", until: "03:00" };
  const but = (days: "Sun"[]) => ({
    condition: { kind: "not" as const, condition: { ...hour, days } },
  });
  expect(await activate(admin, but(["Sun"]))).toMatchObject({ outcome: "changed" });
  expect(evaluations).toBeLessThan(20);
});

test("a policy that denies is taken out of force even where nobody can administer any more", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const ids = [];
  for (let number = 0; number < 2; number += 1) {
    const any = {
      kind: "any" as const,
      conditions: [
        { kind: "network" as const, ranges: blockOf(number) },
        { kind: "means" as const, oneOf: ["session" as const] },
      ],
    };
    const content = { permissions: ["manage_roles"], condition: any };
    ids.push(await aPolicyOf(content, { stage: "active" }));
  }
  evaluations = 0;
  for (const id of ids) {
    expect(await deactivatePolicy(admin, id, TERMS)).toMatchObject({ outcome: "changed" });
  }
});
