import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { can } from "@/lib/authz/decide";
import { missingFrom } from "@/lib/authz/holdings";
import { listOwnHoldings } from "@/lib/authz/own-holdings";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { prisma } from "@/lib/platform/db/client";
import { anInstance, callerOf } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { aUserHolding } from "@/tests/support/roles";

// JSON has a null of its own. Read as "no condition" it would make a grant hold always (FLT-26).

const { view } = INVOICE_PERMISSIONS;
const CONSTRAINED = ["role_permissions", "policy_versions"] as const;
const OBJECT = `"condition" IS NULL OR jsonb_typeof("condition") = 'object'`;
const constraintOf = (table: string) => `${table}_condition_is_an_object`;

beforeAll(async () => {
  await anInstance();
});

const aHolder = async () => (await aUserHolding({ view_invoice: "own" })).id;

const setCondition = (userId: string, json: string) =>
  prisma().$executeRaw`
    UPDATE role_permissions SET condition = ${json}::jsonb
     WHERE role_id IN (SELECT role_id FROM user_roles WHERE user_id = ${userId}::uuid)`;

const aPolicyOn = async (json: string): Promise<string> => {
  const id = await aPolicy(["view_invoice"], { effect: "allow", stage: "draft" });
  await prisma().$executeRaw`
    INSERT INTO policy_versions (policy_id, number, effect, permissions, condition)
    VALUES (${id}::uuid, 2, 'allow', ARRAY['view_invoice'], ${json}::jsonb)`;
  return id;
};

test.each(["null", '"own"', "1", "true", "[]"])(
  "the database keeps no condition %s",
  async (json) => {
    await expect(setCondition(await aHolder(), json)).rejects.toThrow(constraintOf(CONSTRAINED[0]));
    await expect(aPolicyOn(json)).rejects.toThrow(constraintOf(CONSTRAINED[1]));
  },
);

describe("where the database has kept one all the same", () => {
  beforeAll(async () => {
    for (const table of CONSTRAINED) {
      await prisma().$executeRawUnsafe(
        `ALTER TABLE ${table} DROP CONSTRAINT ${constraintOf(table)}`,
      );
    }
  });

  afterAll(async () => {
    await prisma().policy.deleteMany();
    await prisma().$executeRaw`UPDATE role_permissions SET condition = '{}'
                                WHERE jsonb_typeof(condition) <> 'object'`;
    for (const table of CONSTRAINED) {
      await prisma().$executeRawUnsafe(
        `ALTER TABLE ${table} ADD CONSTRAINT ${constraintOf(table)} CHECK (${OBJECT})`,
      );
    }
  });

  test.each(["null", '"own"', "1", "[]"])(
    "a grant on %s gives nothing, and is not passed on",
    async (json) => {
      const id = await aHolder();
      await setCondition(id, json);
      const caller = await callerOf(id);
      expect(await can(caller, view)).toBe(false);
      const held = await listOwnHoldings(caller.principal, prisma());
      const outright = { permissionKey: view.key, condition: null, organizationId: null };
      expect(missingFrom(held, [outright])).toEqual([outright]);
    },
  );

  test("a policy that allows on null allows nothing", async () => {
    const id = await aPolicyOn("null");
    await prisma().policy.update({ where: { id }, data: { activeNumber: 2 } });
    const caller = await callerOf((await aUserHolding({})).id);
    expect(await can(caller, view)).toBe(false);
  });
});
