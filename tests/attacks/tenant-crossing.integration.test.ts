import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { pool } from "@/lib/platform/db/pool";
import {
  type Asked,
  askedOf,
  crossingsOf,
  type Intruder,
  idsOfTheirs,
  makeIntruder,
  makeOurs,
  makeTheirs,
  namedIn,
  reasonOfInstallation,
  stateBeside,
} from "@/tests/inventory/crossing";
import type { Subjects } from "@/tests/inventory/subjects";
import { addressOf, ENDPOINT_SURFACES, type EndpointSurface } from "@/tests/inventory/surfaces";
import { type Answer, send } from "@/tests/support/api";
import { anInstance } from "@/tests/support/builders";

// Somebody who may do everything in their own organization asks every endpoint for every object of
// another one (ATK-43). Generated from the inventory: an endpoint that is new is tried, or fails.

let intruder: Intruder;
let theirs: Subjects;
let ours: Subjects;
let ids: ReadonlySet<string>;

beforeAll(async () => {
  await anInstance();
  intruder = await makeIntruder(pool());
  theirs = await makeTheirs(pool());
  ours = await makeOurs(pool(), intruder);
  ids = await idsOfTheirs(pool(), intruder);
});

const parametersOf = (name: string): string[] =>
  [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => parameter);

const WITH_IDS = ENDPOINTS.map(({ method, path }) => `${method} ${path}`).filter(
  (name) => parametersOf(name).length > 0,
);

const call = (name: string, { params, query, body }: Asked, headers = {}): Promise<Answer> =>
  send(intruder.cookie, name.split(" ")[0] ?? "", addressOf(name, params, query), body, headers);

test("the sweep sees every endpoint that takes an id, and what it is asked for is theirs", () => {
  expect(WITH_IDS.length).toBeGreaterThan(20);
  const wanting = WITH_IDS.flatMap((name) => {
    if (reasonOfInstallation(name) !== undefined) return [];
    const given = ENDPOINT_SURFACES[name]?.params?.(theirs) ?? {};
    return parametersOf(name)
      .filter((parameter) => !ids.has(given[parameter] ?? ""))
      .map((parameter) => `${name}: no object of the other organization for {${parameter}}`);
  });
  expect(wanting).toEqual([]);
});

test.each(WITH_IDS.filter((name) => reasonOfInstallation(name) === undefined))(
  "%s finds nothing of another organization and changes nothing",
  async (name) => {
    const surface = ENDPOINT_SURFACES[name] ?? { access: "signed-in" };
    const crossings = crossingsOf(surface, { theirs, ours, ids });
    expect(crossings.length).toBeGreaterThan(0);
    for (const asked of crossings) {
      const path = Object.values(asked.params).some((value) => ids.has(value));
      await expectNothingDone(name, asked, surface, path ? [403, 404] : [403, 404, 422]);
    }
  },
);

const isForEverybody = (name: string) => ENDPOINT_SURFACES[name]?.access === "anonymous";

test.each(
  WITH_IDS.filter((name) => reasonOfInstallation(name) !== undefined && !isForEverybody(name)),
)(
  "%s, about what no organization owns, is not for whoever may do everything in one",
  async (name) => {
    const surface = ENDPOINT_SURFACES[name] ?? { access: "signed-in" };
    await expectNothingDone(name, askedOf(surface, theirs), surface, [403, 404]);
  },
);

async function expectNothingDone(
  name: string,
  asked: Asked,
  { headers }: EndpointSurface,
  statuses: number[],
): Promise<void> {
  const before = await stateBeside(pool(), intruder);
  const answer = await call(name, asked, headers);
  const told = `${JSON.stringify(asked)}: ${answer.status} ${JSON.stringify(answer.body)}`;
  expect(statuses, told).toContain(answer.status);
  expect(await stateBeside(pool(), intruder), told).toBe(before);
  expectNothingOfTheirs(answer, namedIn(asked, ids));
}

/** An answer names nothing of theirs but for what the question has named. */
function expectNothingOfTheirs({ body }: Answer, asked: string[]): void {
  const said = JSON.stringify(body);
  const leaked = [...ids].filter((id) => !asked.includes(id) && said.includes(id));
  expect(leaked).toEqual([]);
}

describe("without an id", () => {
  const LISTS = ENDPOINTS.filter(
    ({ method, path }) =>
      method === "GET" && !path.includes("{") && reasonOfInstallation(path) === undefined,
  ).map(({ path, access }): [string, number] => [
    `GET ${path}`,
    // What is about the whole installation is refused to whoever administers one organization.
    typeof access === "object" && access.instanceWide ? 403 : 200,
  ]);

  test.each(LISTS)("%s lists nothing of another organization", async (name, status) => {
    const query = ENDPOINT_SURFACES[name]?.query?.(theirs) ?? {};
    const nobodys = Object.entries(query).filter(([, value]) => !ids.has(value));
    const asked = { params: {}, query: Object.fromEntries(nobodys), body: undefined };
    const answer = await call(name, asked);
    expect(answer.status, JSON.stringify(answer.body)).toBe(status);
    expectNothingOfTheirs(answer, []);
  });

  const NAMED_INSIDE = Object.entries(ENDPOINT_SURFACES).filter(
    ([name, { body, query, access }]) =>
      (body !== undefined || query !== undefined) &&
      access !== "anonymous" &&
      parametersOf(name).length === 0 &&
      reasonOfInstallation(name) === undefined,
  );

  test.each(NAMED_INSIDE)(
    "%s takes no id of another organization in its body or query",
    async (name, surface) => {
      const crossings = crossingsOf(surface, { theirs, ours, ids });
      if (crossings.length === 0) return expect(namedIn(askedOf(surface, theirs), ids)).toEqual([]);
      for (const asked of crossings) {
        await expectNothingDone(name, asked, surface, [403, 404, 422]);
      }
    },
  );
});

test("roles of another organization are given to nobody here, neither to users nor to services, nor asked for", async () => {
  const own = await pool().query<{ id: string }>(
    `INSERT INTO oidc_clients (id, name, kind, auth_method)
     VALUES (gen_random_uuid()::text, 'Ours', 'service', 'client_secret_basic') RETURNING id`,
  );
  const service = own.rows[0]?.id ?? "";
  await pool().query("INSERT INTO service_accounts (client_id, organization_id) VALUES ($1, $2)", [
    service,
    intruder.organizationId,
  ]);
  const before = await stateBeside(pool(), intruder);
  for (const path of [
    `/api/v1/users/${intruder.colleague.id}/roles`,
    `/api/v1/clients/${service}/roles`,
  ]) {
    const answer = await send(intruder.cookie, "PUT", path, { roleIds: [theirs.role] });
    expect(answer.status, JSON.stringify(answer.body)).toBe(422);
  }
  const wish = { roleId: theirs.role, reason: "To see it", durationMinutes: 60 };
  const asked = await send(intruder.cookie, "POST", "/api/v1/access-requests", wish);
  expect(asked.status, JSON.stringify(asked.body)).toBe(422);
  expect(await stateBeside(pool(), intruder)).toBe(before);
  await pool().query("DELETE FROM oidc_clients WHERE id = $1", [service]);
});
