import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/platform/id";
import { send } from "@/tests/support/api";
import { anInstance, aSession, aUser } from "@/tests/support/builders";
import { aVerifiedDomain } from "@/tests/support/domains";
import { aRole, aUserHolding } from "@/tests/support/roles";
import { defaultOrganizationId } from "@/tests/support/teams";

let admin: string;

beforeAll(async () => {
  await anInstance();
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
});

const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  send(admin, method, `/api/v1${path}`, body, headers);

async function aTeamOf(parentId: string | null = null): Promise<string> {
  const answer = await ask("POST", "/teams", { name: `Team ${newId()}`, parentId });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
}

test("a team is made, read, renamed at its version, moved and deleted (F87)", async () => {
  const above = await aTeamOf();
  const id = await aTeamOf(above);
  const read = await ask("GET", `/teams/${id}`);
  expect(read).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { parentId: above } });
  const name = `Team ${newId()}`;
  const renamed = await ask("PATCH", `/teams/${id}`, { name }, { "if-match": '"1"' });
  expect(renamed).toMatchObject({ status: 200, body: { name, version: 2 } });
  const late = await ask("PATCH", `/teams/${id}`, { name: "Late" }, { "if-match": '"1"' });
  expect(late).toMatchObject({ status: 412, body: { code: "stale_version" } });
  expect(await ask("POST", "/teams", { name })).toMatchObject({
    status: 409,
    body: { code: "name_taken" },
  });
  expect(await ask("PATCH", `/teams/${above}`, { parentId: id })).toMatchObject({
    status: 409,
    body: { code: "within_itself" },
  });
  expect(await ask("DELETE", `/teams/${above}`)).toMatchObject({
    status: 409,
    body: { code: "has_teams" },
  });
  expect(await ask("PATCH", `/teams/${id}`, { parentId: null })).toMatchObject({
    status: 200,
    body: { parentId: null },
  });
  const both = { name, parentId: above };
  expect((await ask("PATCH", `/teams/${id}`, both)).status, "one or the other").toBe(422);
  expect((await ask("DELETE", `/teams/${id}`)).status).toBe(204);
  expect((await ask("GET", `/teams/${id}`)).status).toBe(404);
  const listed = await ask("GET", "/teams?limit=100");
  expect(listed.body.items.map((team: { id: string }) => team.id)).toContain(above);
});

test("members and roles of a team come and go, and its roles say where they are from", async () => {
  const above = await aTeamOf();
  const id = await aTeamOf(above);
  const user = await aUser({ roles: [] });
  const role = await aRole({ view_invoice: "all" });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  expect((await ask("POST", `/teams/${id}/members`, { userId: user.id })).status).toBe(204);
  expect((await ask("POST", `/teams/${above}/roles`, { roleId: role, expiresAt })).status).toBe(
    204,
  );
  expect((await ask("GET", `/teams/${id}/members`)).body.items).toEqual([
    { userId: user.id, email: user.email, name: expect.any(String) },
  ]);
  expect((await ask("GET", `/teams/${id}/roles`)).body.items).toMatchObject([
    { roleId: role, teamId: above, expiresAt, permissions: ["view_invoice"] },
  ]);
  const session = await aSession(user.id);
  const mayList = async () => (await send(session, "GET", "/api/v1/invoices")).status;
  expect(await mayList()).toBe(200);
  expect((await ask("DELETE", `/teams/${id}/roles/${role}`)).status, "it is not its own").toBe(404);
  expect((await ask("DELETE", `/teams/${above}/roles/${role}`)).status).toBe(204);
  expect(await mayList()).toBe(403);
  expect((await ask("DELETE", `/teams/${id}/members/${user.id}`)).status).toBe(204);
  expect((await ask("DELETE", `/teams/${id}/members/${user.id}`)).status).toBe(404);
  for (const [path, body] of [
    [`/teams/${id}/members`, { userId: newId() }],
    [`/teams/${id}/roles`, { roleId: newId() }],
    [`/teams/${id}/roles`, { roleId: role, expiresAt: "2020-01-01T00:00:00Z" }],
  ] as const) {
    expect(await ask("POST", path, body), path).toMatchObject({
      status: 422,
      body: { code: "validation_failed" },
    });
  }
});

test("whoever lacks what a team gives is told what, under a decision (ATK-42)", async () => {
  const id = await aTeamOf();
  await ask("POST", `/teams/${id}/roles`, { roleId: await aRole({ view_users: "all" }) });
  const delegate = await aUserHolding({ manage_teams: "all" });
  const path = `/api/v1/teams/${id}/members`;
  expect(
    await send(await aSession(delegate.id), "POST", path, { userId: delegate.id }),
  ).toMatchObject({
    status: 403,
    body: { code: "beyond_own_permissions", decisionId: expect.any(String) },
  });
});

test("a domain is added with the record that proves it, and takes nobody in before that (F83)", async () => {
  const domain = `${newId()}.example`;
  const added = await ask("POST", "/domains", { domain: domain.toUpperCase() });
  expect(added).toMatchObject({
    status: 201,
    body: {
      domain,
      verifiedAt: null,
      record: { type: "TXT", name: `_gatehouse.${domain}`, value: expect.any(String) },
    },
  });
  const path = `/domains/${added.body.id}`;
  for (const [method, target, body, status, code] of [
    ["POST", "/domains", { domain }, 409, "domain_taken"],
    ["POST", "/domains", { domain: "co.uk" }, 409, "domain_unusable"],
    ["POST", "/domains", { domain: "gmail.com" }, 409, "domain_unusable"],
    ["POST", "/domains", { domain: "no domain" }, 422, "validation_failed"],
    ["PATCH", path, { autoJoin: true }, 409, "domain_unverified"],
    ["PATCH", `/domains/${newId()}`, { autoJoin: true }, 404, "not_found"],
  ] as const) {
    expect(await ask(method, target, body), `${method} ${target}`).toMatchObject({
      status,
      body: { code },
    });
  }
  await aVerifiedDomain(domain, await defaultOrganizationId());
  expect(await ask("PATCH", path, { autoJoin: true })).toMatchObject({
    status: 200,
    body: { autoJoin: true },
  });
  const listed = await ask("GET", "/domains?limit=100");
  expect(listed.body.items.map((item: { id: string }) => item.id)).toContain(added.body.id);
  expect((await ask("DELETE", path)).status).toBe(204);
  expect((await ask("DELETE", path)).status).toBe(404);
});
