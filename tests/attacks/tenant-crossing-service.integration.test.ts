import { beforeAll, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { getConfig } from "@/lib/platform/config";
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
import { addressOf, ENDPOINT_SURFACES } from "@/tests/inventory/surfaces";
import { type Answer, send } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { anInstance } from "@/tests/support/builders";

// A service account with every permission of its organization asks for the objects of another one,
// at every endpoint that is open to services, and by AuthZEN (ATK-43).

const machine = serveMachinePaths();
const SCOPES = ["api:read", "api:write"];

let intruder: Intruder;
let theirs: Subjects;
let ours: Subjects;
let ids: ReadonlySet<string>;
let token: string;

beforeAll(async () => {
  await anInstance();
  intruder = await makeIntruder(pool());
  theirs = await makeTheirs(pool());
  ours = await makeOurs(pool(), intruder);
  const { clientId, secret } = await aClient({ name: "Robot", kind: "service", scopes: SCOPES });
  await pool().query("INSERT INTO service_accounts (client_id, organization_id) VALUES ($1, $2)", [
    clientId,
    intruder.organizationId,
  ]);
  await pool().query(
    `INSERT INTO service_account_roles (client_id, role_id)
     SELECT $1, id FROM roles WHERE organization_id = $2 AND name = 'All'`,
    [clientId, intruder.organizationId],
  );
  ids = await idsOfTheirs(pool(), intruder);
  const resource = `${getConfig().origin}/api/v1`;
  const answer = await post(
    machine,
    "/token",
    { grant_type: "client_credentials", resource, scope: SCOPES.join(" ") },
    { authorization: basic(clientId, secret) },
  );
  token = String(answer.body["access_token"]);
});

const ask = (method: string, address: string, body?: unknown, headers = {}): Promise<Answer> =>
  send(null, method, address, body, { authorization: `Bearer ${token}`, ...headers });

function expectNothingOfTheirs({ body }: Answer, asked: string[]): void {
  const said = JSON.stringify(body);
  expect([...ids].filter((id) => !asked.includes(id) && said.includes(id))).toEqual([]);
}

const OPEN = ENDPOINTS.filter(
  ({ path, services }) =>
    services === true && path.startsWith("/api/v1/") && reasonOfInstallation(path) === undefined,
).map(({ method, path }) => `${method} ${path}`);

test("the sweep sees what is open to services", async () => {
  expect(OPEN.length).toBeGreaterThan(10);
  const withIds = OPEN.filter((name) => name.includes("{"));
  const asked = withIds.flatMap((name) =>
    crossingsOf(ENDPOINT_SURFACES[name] ?? { access: "signed-in" }, { theirs, ours, ids }),
  );
  expect(asked.length).toBeGreaterThanOrEqual(withIds.length);
  const own = await ask("GET", `/api/v1/invoices/${ours.invoice}`);
  expect(own.status, JSON.stringify(own.body)).toBe(200);
});

test.each(OPEN)("%s gives a service nothing of another organization", async (name) => {
  const [method = ""] = name.split(" ");
  const surface = ENDPOINT_SURFACES[name] ?? { access: "signed-in" };
  const crossings = crossingsOf(surface, { theirs, ours, ids });
  expect(crossings.length > 0).toBe(namedIn(askedOf(surface, theirs), ids).length > 0);
  for (const asked of crossings) {
    const before = await stateBeside(pool(), intruder);
    const address = addressOf(name, asked.params, asked.query);
    const answer = await ask(method, address, asked.body, surface.headers);
    const told = `${JSON.stringify(asked)}: ${answer.status} ${JSON.stringify(answer.body)}`;
    expect([403, 404, 422], told).toContain(answer.status);
    expect(await stateBeside(pool(), intruder), told).toBe(before);
    expectNothingOfTheirs(answer, namedIn(asked, ids));
  }
  if (method === "GET" && !name.includes("{")) {
    expectNothingOfTheirs(await ask(method, addressOf(name)), []);
  }
});

const NO = { decision: false, context: { reason: "no-grant" } };

/** Every question about these, with theirs in one place or the other. */
function questions(): Asked["body"][] {
  const body = (subjects: Subjects, records: Subjects) => ({
    subject: { type: "user", id: subjects.owner.id },
    action: { name: "view_invoice" },
    resource: { type: "Invoice", id: records.invoice },
  });
  return [body(theirs, theirs), body(theirs, ours), body(ours, theirs)];
}

test("AuthZEN answers no about users, services and records of another organization (F94)", async () => {
  const own = {
    subject: { type: "user", id: ours.owner.id },
    action: { name: "view_invoice" },
    resource: { type: "Invoice", id: ours.invoice },
  };
  expect((await ask("POST", "/access/v1/evaluation", own)).body).toEqual({ decision: true });
  const byAddress = { ...own, subject: { type: "user", id: theirs.owner.email } };
  const asService = { ...own, subject: { type: "service", id: theirs.service } };
  const evaluations = [...questions(), byAddress, asService];
  for (const one of evaluations) {
    expect((await ask("POST", "/access/v1/evaluation", one)).body, JSON.stringify(one)).toEqual(NO);
  }
  const many = await ask("POST", "/access/v1/evaluations", { evaluations });
  expect(many.body.evaluations).toEqual(evaluations.map(() => NO));
});

test.each(["subject", "resource", "action"])(
  "an AuthZEN search for a %s finds nothing of another organization (F94)",
  async (kind) => {
    for (const one of questions()) {
      const answer = await ask("POST", `/access/v1/search/${kind}`, one);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expectNothingOfTheirs(answer, []);
      // Only what is looked for may be left out of a question that is answered with something.
      const { subject, resource } = one as Record<"subject" | "resource", { id: string }>;
      const named = [kind !== "subject" && subject.id, kind !== "resource" && resource.id];
      if (named.some((id) => id !== false && ids.has(id))) expect(answer.body.results).toEqual([]);
    }
  },
);
