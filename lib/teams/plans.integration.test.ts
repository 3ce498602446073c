import { beforeAll, expect, test } from "vitest";
import { pool } from "@/lib/platform/db/pool";
import type { Caller } from "@/lib/shared/caller";
import { findTeam, listTeams } from "@/lib/teams/list-teams";
import { aCaller } from "@/tests/support/builders";
import { expectByIndex } from "@/tests/support/plans";
import { type Statement, watchStatements } from "@/tests/support/statements";

// How teams are listed and found among those of many organizations: behind the wall as before it by
// an index.

/** As many as an organization may have. */
const TEAMS = 1_000;

/** How many each team has is counted for all at once. */
const COUNTED = ["team_memberships", "team_roles"];

const sent: Statement[] = [];
watchStatements((statement) => sent.push(statement));

let caller: Caller;

beforeAll(async () => {
  caller = await aCaller({ roles: ["Admin"] });
  await pool().query(`INSERT INTO organizations (id, slug, name)
    SELECT gen_random_uuid(), 'other-' || n, 'Other' FROM generate_series(1, 20) n`);
  await pool().query(
    `INSERT INTO teams (id, organization_id, name)
     SELECT gen_random_uuid(), o.id, 'Team ' || lpad(n::text, 4, '0')
       FROM organizations o, generate_series(1, $1::int) n`,
    [TEAMS],
  );
  await pool().query("ANALYZE teams, team_memberships, team_roles, team_closure");
}, 60_000);

test("a page of teams, and one team, are found by an index", async () => {
  const page = await listTeams(caller, { limit: 50 });
  if (page.outcome !== "listed") throw new Error(page.reason);
  expect(page.teams).toHaveLength(50);
  const teamId = page.teams[0]?.id ?? "";
  sent.length = 0;
  await listTeams(caller, { limit: 50 });
  await findTeam(caller, teamId);
  const read = sent.filter(({ text }) => /FROM ("public"."teams"|team_closure)/.test(text));
  expect(read.length).toBeGreaterThanOrEqual(3);
  for (const statement of read) {
    await expectByIndex(statement, caller.principal.organizationId, TEAMS + 1, COUNTED);
  }
});
