import pg from "pg";
import { expect, test } from "vitest";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { aPolicy } from "@/tests/support/policies";
import { aRole } from "@/tests/support/roles";

const PAIRS_EACH = 1_250;

/**
 * Whatever gives or takes the permission, each way on and off. The statements come over a
 * connection of their own, as from another instance.
 */
async function switches(userId: string, organizationId: string) {
  const roleId = await aRole({ view_invoice: "all" });
  const [empty, team, member] = [newId(), newId(), newId()];
  const policyId = await aPolicy(["view_invoice"], { stage: "draft" });
  const grant = "INSERT INTO user_roles (id, user_id, role_id) VALUES ($1, $2, $3)";
  const setUp: [string, unknown[]][] = [
    ["INSERT INTO roles (id, name) VALUES ($1, $2)", [empty, empty]],
    [
      "INSERT INTO teams (id, organization_id, name) VALUES ($1, $2, 'Above')",
      [team, organizationId],
    ],
    [
      "INSERT INTO teams (id, organization_id, name, parent_id) VALUES ($1, $2, 'Below', $3)",
      [member, organizationId, team],
    ],
    ["INSERT INTO team_roles (team_id, role_id) VALUES ($1, $2)", [team, roleId]],
    [grant, [newId(), userId, empty]],
  ];
  const pairs: Record<string, [on: [string, unknown[]], off: [string, unknown[]]]> = {
    grant: [
      [grant, [newId(), userId, roleId]],
      ["DELETE FROM user_roles WHERE user_id = $1 AND role_id = $2", [userId, roleId]],
    ],
    inheritance: [
      [
        "INSERT INTO role_inheritance (role_id, inherited_role_id) VALUES ($1, $2)",
        [empty, roleId],
      ],
      ["DELETE FROM role_inheritance WHERE role_id = $1", [empty]],
    ],
    membership: [
      [
        "INSERT INTO team_memberships (team_id, user_id, organization_id) VALUES ($1, $2, $3)",
        [member, userId, organizationId],
      ],
      ["DELETE FROM team_memberships WHERE team_id = $1 AND user_id = $2", [member, userId]],
    ],
    policy: [
      ["UPDATE policies SET active_number = NULL WHERE id = $1", [policyId]],
      ["UPDATE policies SET active_number = 1 WHERE id = $1", [policyId]],
    ],
  };
  return { setUp, pairs, held: [grant, [newId(), userId, roleId]] as [string, unknown[]] };
}

test("a change of grants, roles, teams or policies is obeyed by the next request: no stale answer in 10,000 pairs (V8.3.2)", async () => {
  const { id } = await aUser({ roles: [] });
  const cookie = await aSession(id);
  const { principal } = await callerWith(cookie);
  const { setUp, pairs, held } = await switches(id, principal.organizationId);
  const other = new pg.Client({ connectionString: getConfig().database.url });
  await other.connect();
  let [checked, stale] = [0, 0];
  try {
    for (const [text, values] of setUp) await other.query(text, values);
    for (const [what, [on, off]] of Object.entries(pairs)) {
      if (what === "policy") await other.query(...held);
      for (let pair = 0; pair < PAIRS_EACH; pair += 1) {
        for (const [[text, values], wanted] of [
          [on, true],
          [off, false],
        ] as const) {
          await other.query(text, values);
          const answer = await can(await callerWith(cookie), INVOICE_PERMISSIONS.view);
          checked += 1;
          if (answer !== wanted) stale += 1;
        }
      }
    }
  } finally {
    await other.end();
  }
  expect({ checked, stale }).toEqual({ checked: 8 * PAIRS_EACH, stale: 0 });
}, 600_000);
