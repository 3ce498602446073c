import fc from "fast-check";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { anInstance } from "@/tests/support/builders";
import { anOrganization } from "@/tests/support/teams";

// What a team is within is stored, and is what its parents say after whatever statement, of however
// many rows (F87).

const COUNT = 5;
let organizationId: string;
let ids: string[];

beforeAll(() => anInstance());

beforeEach(async () => {
  organizationId = await anOrganization();
  ids = Array.from({ length: COUNT }, newId);
});

/** By number, of a team that is there; null is at the top. */
type Parents = Map<number, number | null>;

const idOf = (team: number | null): string | null => (team === null ? null : (ids[team] ?? null));

const insert = (rows: [number, number | null][]) =>
  prisma().$executeRaw`
    INSERT INTO teams (id, organization_id, parent_id, name)
    SELECT id, ${organizationId}::uuid, parent_id, id::text
      FROM unnest(${rows.map(([team]) => idOf(team))}::uuid[],
                  ${rows.map(([, parent]) => idOf(parent))}::uuid[])
           WITH ORDINALITY AS new_team (id, parent_id, place) ORDER BY place`;

const move = (rows: [number, number | null][]) =>
  prisma().$executeRaw`
    UPDATE teams SET parent_id = moved.parent_id
      FROM unnest(${rows.map(([team]) => idOf(team))}::uuid[],
                  ${rows.map(([, parent]) => idOf(parent))}::uuid[]) AS moved (id, parent_id)
     WHERE teams.id = moved.id`;

const drop = (teams: number[]) =>
  prisma().$executeRaw`DELETE FROM teams WHERE id = ANY(${teams.map(idOf)}::uuid[])`;

/** Each team that is there with itself and all above, walked one by one; null where that has no end. */
function walk(parents: Parents): string[] | null {
  const pairs: string[] = [];
  for (const team of parents.keys()) {
    const seen = new Set<number>();
    for (let at: number | null = team; at !== null; at = parents.get(at) ?? null) {
      if (seen.has(at)) return null;
      seen.add(at);
      pairs.push(`${team} in ${at}`);
    }
  }
  return pairs.sort();
}

async function stored(): Promise<string[]> {
  const rows = await prisma().teamClosure.findMany({ where: { teamId: { in: ids } } });
  return rows
    .map(({ teamId, ancestorId }) => `${ids.indexOf(teamId)} in ${ids.indexOf(ancestorId)}`)
    .sort();
}

test("two teams that change places by one statement have", async () => {
  await insert([
    [0, null],
    [1, 0],
  ]);
  await move([
    [0, 1],
    [1, null],
  ]);
  expect(await stored()).toEqual(["0 in 0", "0 in 1", "1 in 1"]);
});

test("a team that is written before the one that it is within is within it", async () => {
  await insert([
    [1, 0],
    [0, null],
  ]);
  expect(await stored()).toEqual(["0 in 0", "1 in 0", "1 in 1"]);
});

test("teams that one statement puts within each other are refused, and nothing has changed", async () => {
  await insert([
    [0, null],
    [1, null],
  ]);
  const within = move([
    [0, 1],
    [1, 0],
  ]);
  await expect(within).rejects.toThrow("a team would be within itself");
  expect(await stored()).toEqual(["0 in 0", "1 in 1"]);
});

const aTeam = fc.nat({ max: COUNT - 1 });
const rows = fc.uniqueArray(fc.tuple(aTeam, fc.option(aTeam)), {
  minLength: 1,
  selector: ([team]) => team,
});
const statement = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("insert" as const), rows }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("move" as const), rows }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), rows }) },
);

test("after any statements of many rows each team is within what its parents say", async () => {
  let [changed, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 4, maxLength: 12 }), async (statements) => {
      await prisma().$executeRaw`DELETE FROM teams WHERE organization_id = ${organizationId}::uuid`;
      let parents: Parents = new Map();
      for (const { kind, rows: wanted } of statements) {
        const fitting = wanted.filter(([team]) => parents.has(team) === (kind !== "insert"));
        const next = new Map(parents);
        for (const [team, parent] of fitting) {
          if (kind === "drop") next.delete(team);
          else next.set(team, parent);
        }
        const isWhole = [...next.values()].every((parent) => parent === null || next.has(parent));
        const possible = isWhole && walk(next) !== null;
        const done =
          kind === "insert"
            ? insert(fitting)
            : kind === "move"
              ? move(fitting)
              : drop(fitting.map(([team]) => team));
        if (possible) {
          await done;
          parents = next;
          changed += 1;
        } else {
          await expect(done).rejects.toThrow(/within itself|violates foreign key/);
          refused += 1;
        }
        expect(await stored()).toEqual(walk(parents));
      }
    }),
    { numRuns: 25 },
  );
  expect(Math.min(changed, refused)).toBeGreaterThan(20);
});
