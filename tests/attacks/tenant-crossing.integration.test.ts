import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { pool } from "@/lib/platform/db/pool";
import {
  type Intruder,
  idsOfTheirs,
  makeIntruder,
  makeTheirs,
  reasonOfInstallation,
  stateBeside,
  valuesIn,
} from "@/tests/inventory/crossing";
import type { Subjects } from "@/tests/inventory/subjects";
import { ENDPOINT_SURFACES, type EndpointSurface } from "@/tests/inventory/surfaces";
import { type Answer, send } from "@/tests/support/api";
import { anInstance } from "@/tests/support/builders";

// Somebody who may do everything in their own organization asks every endpoint for every object of
// another one (ATK-43). Generated from the inventory: an endpoint that is new is tried, or fails.

let intruder: Intruder;
let theirs: Subjects;
let ids: ReadonlySet<string>;

beforeAll(async () => {
  await anInstance();
  intruder = await makeIntruder(pool());
  theirs = await makeTheirs(pool());
  ids = await idsOfTheirs(pool(), intruder);
});

const parametersOf = (name: string): string[] =>
  [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter = ""]) => parameter);

const WITH_IDS = ENDPOINTS.map(({ method, path }) => `${method} ${path}`).filter(
  (name) => parametersOf(name).length > 0,
);

async function call(
  name: string,
  params: Record<string, string>,
  { body, headers }: EndpointSurface,
): Promise<Answer> {
  const [method = "", template = ""] = name.split(" ");
  const path = template.replace(/\{(\w+)\}/g, (_, key: string) => params[key] ?? "");
  return send(intruder.cookie, method, path, body?.(theirs), headers);
}

/** The parameters with one of them at a time theirs, and the first of several ours. */
function crossings(given: Record<string, string>): Record<string, string>[] {
  const [first, ...others] = Object.keys(given);
  if (first === undefined || others.length === 0) return [given];
  return [given, { ...given, [first]: intruder.colleague.id }];
}

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
    for (const params of crossings(surface.params?.(theirs) ?? {})) {
      const before = await stateBeside(pool(), intruder);
      const answer = await call(name, params, surface);
      const told = `${answer.status} ${JSON.stringify(answer.body)}`;
      expect([403, 404], told).toContain(answer.status);
      expect(await stateBeside(pool(), intruder), told).toBe(before);
      expectNothingOfTheirs(answer, Object.values(params));
    }
  },
);

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
  ).map(({ path }) => path);

  test.each(LISTS)("GET %s lists nothing of another organization", async (path) => {
    const answer = await send(intruder.cookie, "GET", path);
    expect(answer.status).toBe(200);
    expectNothingOfTheirs(answer, []);
  });

  const NAMED_INSIDE = Object.entries(ENDPOINT_SURFACES).filter(
    ([name, { body, access }]) =>
      body !== undefined &&
      access !== "anonymous" &&
      parametersOf(name).length === 0 &&
      reasonOfInstallation(name) === undefined,
  );

  test.each(NAMED_INSIDE)(
    "%s takes no id of another organization in its body",
    async (name, surface) => {
      const named = valuesIn(surface.body?.(theirs)).filter((value) => ids.has(value));
      if (named.length === 0) return expect(named).toEqual([]);
      const before = await stateBeside(pool(), intruder);
      const answer = await call(name, {}, surface);
      expect([403, 404, 422], JSON.stringify(answer.body)).toContain(answer.status);
      expect(await stateBeside(pool(), intruder)).toBe(before);
    },
  );
});

test("roles of another organization are given to nobody here, neither to users nor to services", async () => {
  const before = await stateBeside(pool(), intruder);
  const own = await pool().query<{ id: string }>(
    `INSERT INTO oidc_clients (id, name, kind, auth_method)
     VALUES (gen_random_uuid()::text, 'Ours', 'service', 'client_secret_basic') RETURNING id`,
  );
  const service = own.rows[0]?.id ?? "";
  for (const path of [
    `/api/v1/users/${intruder.colleague.id}/roles`,
    `/api/v1/clients/${service}/roles`,
  ]) {
    const answer = await send(intruder.cookie, "PUT", path, { roleIds: [theirs.role] });
    expect(answer.status, JSON.stringify(answer.body)).toBe(422);
  }
  await pool().query("DELETE FROM oidc_clients WHERE id = $1", [service]);
  expect(await stateBeside(pool(), intruder)).toBe(before);
});
