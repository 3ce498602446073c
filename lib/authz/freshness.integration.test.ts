import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { can } from "@/lib/authz/decide";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { aRequest, aSession, aUser, callerWith } from "@/tests/support/builders";
import { aSecondInstance, type Instance } from "@/tests/support/instances";
import { aPolicy } from "@/tests/support/policies";
import { aRole, give } from "@/tests/support/roles";
import { anOrganization } from "@/tests/support/teams";

// A change by anybody is obeyed by the next request of everybody: of this program, and of another
// one with connections and memory of its own. The changes come over a third connection, as from
// somewhere else still.

const PAIRS = 10_000;

type Statement = [text: string, values: unknown[]];
interface Switch {
  /** What has to be there for this one alone. */
  before?: Statement[];
  on: Statement;
  off: Statement;
  after?: Statement[];
}

let other: pg.Client;
let second: Instance;

beforeAll(async () => {
  second = await aSecondInstance();
  other = new pg.Client({ connectionString: getConfig().database.url });
  await other.connect();
}, 60_000);

afterAll(async () => {
  await other.end();
  await second.stop();
});

const run = ([text, values]: Statement) => other.query(text, values);

/** Both answers to one question, given at the same time. */
async function answers(cookie: string): Promise<[boolean, boolean]> {
  const here = async () => {
    const principal = await findPrincipal(cookie);
    if (principal === null) return false;
    return can({ principal, request: aRequest() }, INVOICE_PERMISSIONS.view);
  };
  return Promise.all([here(), second.maySee(cookie)]);
}

/** A user with nothing, and whatever gives or takes the permission, each way on and off. */
async function aStage() {
  const { id: userId } = await aUser({ roles: [] });
  const cookie = await aSession(userId);
  const { organizationId } = (await callerWith(cookie)).principal;
  const elsewhere = await anOrganization();
  const giving = await aRole({ view_invoice: "all" });
  const [heir, middle, above, below, apart] = [newId(), newId(), newId(), newId(), newId()];
  const denial = await aPolicy(["view_invoice"], { stage: "draft" });
  const versions = await aPolicy(["view_invoice"], { effect: "allow", stage: "draft" });
  const role = "INSERT INTO roles (id, name) VALUES ($1, $2)";
  const team = "INSERT INTO teams (id, organization_id, name, parent_id) VALUES ($1, $2, $3, $4)";
  const inherit = "INSERT INTO role_inheritance (role_id, inherited_role_id) VALUES ($1, $2)";
  const setUp: Statement[] = [
    [role, [heir, heir]],
    [role, [middle, middle]],
    [inherit, [heir, middle]],
    [team, [above, organizationId, "Above", null]],
    [team, [below, organizationId, "Below", above]],
    [team, [apart, organizationId, "Apart", null]],
    [
      `INSERT INTO policy_versions (policy_id, number, effect, permissions)
       VALUES ($1, 2, 'allow', '{view_audit_log}')`,
      [versions],
    ],
  ];
  const grant: Statement = [
    "INSERT INTO user_roles (id, user_id, role_id) VALUES ($1, $2, $3)",
    [newId(), userId, giving],
  ];
  const ungrant: Statement = ["DELETE FROM user_roles WHERE user_id = $1", [userId]];
  const grantHeir: Statement = [grant[0], [newId(), userId, heir]];
  const held = { before: [grant], after: [ungrant] };
  const heldByTeam = {
    before: [
      ["INSERT INTO team_roles (team_id, role_id) VALUES ($1, $2)", [above, giving]],
      [
        "INSERT INTO team_memberships (team_id, user_id, organization_id) VALUES ($1, $2, $3)",
        [below, userId, organizationId],
      ],
    ] as [Statement, Statement],
    after: [
      ["DELETE FROM team_roles WHERE team_id = $1", [above]],
      ["DELETE FROM team_memberships WHERE user_id = $1", [userId]],
    ] as [Statement, Statement],
  };
  const switches: Record<string, Switch> = {
    "a role of a user": { on: grant, off: ungrant },
    "what a role gives": {
      ...held,
      off: ["DELETE FROM role_permissions WHERE role_id = $1", [giving]],
      on: [
        `INSERT INTO role_permissions (role_id, permission_id)
         SELECT $1, id FROM permissions WHERE key = 'view_invoice'`,
        [giving],
      ],
    },
    "the condition of what a role gives": {
      ...held,
      off: [
        `UPDATE role_permissions SET condition = '{"kind": "user", "ids": ["${newId()}"]}'
          WHERE role_id = $1`,
        [giving],
      ],
      on: ["UPDATE role_permissions SET condition = NULL WHERE role_id = $1", [giving]],
    },
    "where a role can be used": {
      ...held,
      off: ["UPDATE roles SET organization_id = $2 WHERE id = $1", [giving, elsewhere]],
      on: ["UPDATE roles SET organization_id = NULL WHERE id = $1", [giving]],
    },
    "what a role inherits at some distance": {
      before: [grantHeir],
      on: [inherit, [middle, giving]],
      off: ["DELETE FROM role_inheritance WHERE role_id = $1", [middle]],
      after: [ungrant],
    },
    "the end of a grant": {
      ...held,
      off: ["UPDATE user_roles SET expires_at = now() WHERE user_id = $1", [userId]],
      on: ["UPDATE user_roles SET expires_at = NULL WHERE user_id = $1", [userId]],
    },
    "who is in a team": {
      ...heldByTeam,
      on: heldByTeam.before[1],
      off: heldByTeam.after[1],
    },
    "a role of a team": {
      ...heldByTeam,
      on: heldByTeam.before[0],
      off: heldByTeam.after[0],
    },
    "the end of a team's role": {
      ...heldByTeam,
      off: ["UPDATE team_roles SET expires_at = now() WHERE team_id = $1", [above]],
      on: ["UPDATE team_roles SET expires_at = NULL WHERE team_id = $1", [above]],
    },
    "where a team is": {
      ...heldByTeam,
      off: ["UPDATE teams SET parent_id = $2 WHERE id = $1", [below, apart]],
      on: ["UPDATE teams SET parent_id = $2 WHERE id = $1", [below, above]],
    },
    "who is a member": {
      ...held,
      off: ["DELETE FROM memberships WHERE user_id = $1", [userId]],
      on: [
        "INSERT INTO memberships (user_id, organization_id) VALUES ($1, $2)",
        [userId, organizationId],
      ],
    },
    "whether a user is active": {
      ...held,
      off: ["UPDATE users SET status = 'disabled' WHERE id = $1", [userId]],
      on: ["UPDATE users SET status = 'active' WHERE id = $1", [userId]],
    },
    "a policy in force": {
      ...held,
      on: ["UPDATE policies SET active_number = NULL WHERE id = $1", [denial]],
      off: ["UPDATE policies SET active_number = 1 WHERE id = $1", [denial]],
      after: [ungrant, ["UPDATE policies SET active_number = NULL WHERE id = $1", [denial]]],
    },
    "which version is in force": {
      on: ["UPDATE policies SET active_number = 1 WHERE id = $1", [versions]],
      off: ["UPDATE policies SET active_number = 2 WHERE id = $1", [versions]],
      after: [["UPDATE policies SET active_number = NULL WHERE id = $1", [versions]]],
    },
    "what is about the whole installation": {
      before: [
        [
          `INSERT INTO user_roles (id, user_id, role_id, organization_id) VALUES ($1, $2, $3, $4)`,
          [newId(), userId, giving, organizationId],
        ],
      ],
      off: ["UPDATE permissions SET instance_wide = true WHERE key = 'view_invoice'", []],
      on: ["UPDATE permissions SET instance_wide = false WHERE key = 'view_invoice'", []],
      after: [ungrant],
    },
  };
  return { cookie, setUp, switches };
}

test("a change is obeyed by the next request on this instance and on a second one: no stale answer in 10,000 pairs (V8.3.2)", async () => {
  const { cookie, setUp, switches } = await aStage();
  for (const statement of setUp) await run(statement);
  const stale: string[] = [];
  let changes = 0;
  const each = Math.ceil(PAIRS / 2 / Object.keys(switches).length);
  for (const [what, { before = [], on, off, after = [] }] of Object.entries(switches)) {
    for (const statement of before) await run(statement);
    // What has just been put there is taken away first; else it is given first.
    const order = before.length > 0 && (await answers(cookie))[0] ? [false, true] : [true, false];
    for (let pair = 0; pair < each; pair += 1) {
      for (const wanted of order) {
        await run(wanted ? on : off);
        changes += 1;
        const [here, there] = await answers(cookie);
        if (here !== wanted) stale.push(`${what}, here: ${here}`);
        if (there !== wanted) stale.push(`${what}, on the second instance: ${there}`);
      }
    }
    for (const statement of after) await run(statement);
    expect(await answers(cookie), `${what} is put back`).toEqual([false, false]);
  }
  expect(stale).toEqual([]);
  expect(changes).toBeGreaterThanOrEqual(PAIRS);
}, 600_000);

test("what runs out is obeyed on both instances, though nothing is changed at that moment (F99)", async () => {
  const { id: userId } = await aUser({ roles: [] });
  await give(userId, await aRole({ view_invoice: "all" }));
  const cookie = await aSession(userId);
  for (let time = 0; time < 100; time += 1) {
    await run(["UPDATE user_roles SET expires_at = NULL WHERE user_id = $1", [userId]]);
    expect(await answers(cookie)).toEqual([true, true]);
    const soon = "UPDATE user_roles SET expires_at = clock_timestamp() + $2 WHERE user_id = $1";
    await run([soon, [userId, "20 milliseconds"]]);
    // Kept by both with its end, or over already where the machine is slow.
    await answers(cookie);
    await run(["SELECT pg_sleep(0.021)", []]);
    expect(await answers(cookie)).toEqual([false, false]);
  }
}, 120_000);
