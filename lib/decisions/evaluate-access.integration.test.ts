import { beforeAll, expect, test } from "vitest";
import { CATALOGUE } from "@/app/resources";
import type { Row } from "@/lib/authz/ability";
import { evaluateAccess } from "@/lib/decisions/evaluate-access";
import { UNKNOWN_CIRCUMSTANCES } from "@/lib/decisions/imagine-caller";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller } from "@/lib/shared/caller";
import { aCaller, aUser, type TestUser } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/random-world";
import { aCallerHolding, aRole, aUserHolding, give } from "@/tests/support/roles";

let asking: Caller;
let owner: TestUser;

beforeAll(async () => {
  asking = await aCallerHolding({ evaluate_access: "all" });
  owner = await aUserHolding({ view_invoice: "own" });
});

const evaluationOf = (who: TestUser, properties: Row) => ({
  subject: { type: "user", id: who.id } as const,
  permission: "view_invoice",
  resource: { type: "Invoice", id: "their-own-id", properties },
  circumstances: UNKNOWN_CIRCUMSTANCES,
});

/** As if invoices were another program's: no record of theirs is here. */
const ELSEWHERE = { ...CATALOGUE, resources: {} };

const outcomesOf = async (evaluations: ReturnType<typeof evaluationOf>[]) =>
  (await evaluateAccess(asking, evaluations, "all", ELSEWHERE)).map(
    ({ judgement }) => judgement.outcome,
  );

test("of a record that is not here the program that has it says what it is like (F94)", async () => {
  expect(
    await outcomesOf([
      evaluationOf(owner, { ownerId: owner.id }),
      evaluationOf(owner, { ownerId: newId() }),
      evaluationOf(owner, {}),
      evaluationOf(owner, { ownerId: { equals: owner.id } }),
      evaluationOf(owner, { ownerId: [owner.id] }),
      evaluationOf(owner, JSON.parse(`{"__proto__":{"ownerId":"${owner.id}"}}`) as Row),
    ]),
  ).toEqual(["allowed", "denied", "denied", "denied", "denied", "denied"]);
});

test("what is declared of its type counts, in the form that is declared, and nothing else", async () => {
  const user = await aUser({ roles: [] });
  const roleId = await aRole({ view_invoice: "own" });
  const condition = { kind: "field", field: "amount", operator: "at-most", value: 100 };
  await prisma().rolePermission.updateMany({ where: { roleId }, data: { condition } });
  await give(user.id, roleId);
  const asked = [
    { amount: 100 },
    { amount: 101 },
    { amount: "1" },
    { Amount: 1 },
    { amount: null },
  ];
  expect(await outcomesOf(asked.map((properties) => evaluationOf(user, properties)))).toEqual([
    "allowed",
    "denied",
    "denied",
    "denied",
    "denied",
  ]);
});

test("a version in shadow is counted where another program asks, and changes nothing", async () => {
  const { organizationId } = asking.principal;
  const policyId = await aPolicy(organizationId, {
    effect: "deny",
    permissions: ["view_invoice"],
    condition: { kind: "user", ids: [owner.id] },
    stage: "shadow",
  });
  const asked = evaluationOf(owner, { ownerId: owner.id });
  expect(await outcomesOf([asked, asked])).toEqual(["allowed", "allowed"]);
  const counts = await prisma().policyShadowCount.findMany({ where: { policyId } });
  expect(counts).toMatchObject([{ permissionKey: "view_invoice", wouldDeny: 2 }]);
});

test("whoever lacks the permission asks nothing", async () => {
  const other = await aCaller({ roles: [] });
  await expect(evaluateAccess(other, [], "all", CATALOGUE)).rejects.toThrow("evaluate_access");
});
