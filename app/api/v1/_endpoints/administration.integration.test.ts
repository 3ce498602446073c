import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { encodeCursor } from "@/lib/shared/cursor";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import {
  aRole,
  aUserHolding,
  give,
  holdingsOf,
  roleIdNamed,
  roleIdsOf,
} from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

const V1 = "/api/v1";
let admin: string;
let adminId: string;

beforeAll(async () => {
  // Two, so that neither is the last one.
  await aUser({ roles: ["Admin"] });
  adminId = (await aUser({ roles: ["Admin"] })).id;
  admin = await aSession(adminId);
});

const anAddress = () => `${newId()}@example.com`;

/** Every call of the administration, with the permission it needs. `ID` stands for an id. */
const CALLS: [method: string, path: string, permission: string, body?: unknown][] = [
  ["GET", "/users", "view_users"],
  ["POST", "/users", "manage_users", { email: "new@example.com" }],
  ["GET", "/users/ID", "view_users"],
  ["PATCH", "/users/ID", "manage_users", { name: "New" }],
  ["DELETE", "/users/ID", "manage_users"],
  ["GET", "/users/ID/roles", "view_users"],
  ["PUT", "/users/ID/roles", "assign_roles", { roleIds: [] }],
  ["GET", "/users/ID/sessions", "revoke_sessions"],
  ["DELETE", "/users/ID/sessions", "revoke_sessions"],
  ["DELETE", "/users/ID/sessions/ID", "revoke_sessions"],
  ["GET", "/roles", "view_roles"],
  ["POST", "/roles", "manage_roles", { name: "New" }],
  ["GET", "/roles/ID", "view_roles"],
  ["PATCH", "/roles/ID", "manage_roles", { name: "New" }],
  ["DELETE", "/roles/ID", "manage_roles"],
  ["GET", "/roles/ID/permissions", "view_roles"],
  ["PUT", "/roles/ID/permissions", "manage_roles", { permissions: [] }],
  ["PUT", "/roles/ID/inherits", "manage_roles", { inherits: [] }],
  ["GET", "/permissions", "view_roles"],
  ["GET", "/audit-events", "view_audit_log"],
  ["GET", "/clients", "view_clients"],
  ["POST", "/clients", "manage_clients", { name: "New", kind: "service" }],
  ["GET", "/clients/ID", "view_clients"],
  ["PATCH", "/clients/ID", "manage_clients", { name: "New" }],
  ["DELETE", "/clients/ID", "manage_clients"],
  ["POST", "/clients/ID/secrets", "manage_clients"],
  ["DELETE", "/clients/ID/secrets/ID", "manage_clients"],
];

test.each(CALLS)(
  "%s %s is for whoever holds %s and for nobody else (ATK-06)",
  async (method, path, permission, body) => {
    const target = V1 + path.replaceAll("ID", newId());
    expect(await send(null, method, target, body)).toMatchObject({
      status: 401,
      headers: {
        "www-authenticate": expect.stringMatching(/^Bearer resource_metadata=/) as string,
      },
    });
    const all = await prisma().permission.findMany();
    const others = Object.fromEntries(
      all.filter(({ key }) => key !== permission).map(({ key }) => [key, "all" as const]),
    );
    const outsider = await aSession((await aUserHolding(others)).id);
    expect(await send(outsider, method, target, body)).toMatchObject({
      status: 403,
      body: { code: "forbidden", decisionId: expect.any(String) },
    });
    const holder = await aSession((await aUserHolding({ [permission]: "all" })).id);
    const { status } = await send(holder, method, target, body);
    expect([200, 201, 404]).toContain(status);
  },
);

test.each(CALLS.filter(([, path]) => path.includes("ID")))(
  "%s %s answers 404 for what is no id",
  async (method, path, _permission, body) => {
    const target = V1 + path.replaceAll("ID", "%27x");
    expect(await send(admin, method, target, body)).toMatchObject({ status: 404 });
  },
);

const FORBIDDEN = {
  id: "01900000-0000-7000-8000-000000000000",
  organizationId: "01900000-0000-7000-8000-000000000000",
  emailVerified: "2020-01-01T00:00:00Z",
  grantsVersion: 1,
  roles: ["Admin"],
  isDefault: true,
  version: 99,
  userCount: 1,
  inherits: [],
  ["__proto__x"]: {},
};

test.each(CALLS.filter((call) => call[3] !== undefined))(
  "%s %s refuses every field that it does not name (ATK-40)",
  async (method, path, _permission, body) => {
    const { id } = path.startsWith("/users") ? await aUser() : { id: await aRole({}) };
    const target = V1 + path.replaceAll("ID", id);
    const named =
      method === "POST" && path === "/roles" ? ["inherits"] : Object.keys(body as object);
    for (const [field, value] of Object.entries(FORBIDDEN)) {
      if (named.includes(field)) continue;
      const answer = await send(admin, method, target, { ...(body as object), [field]: value });
      expect(answer, field).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    }
  },
);

test.each([
  ["POST", "/users", { email: { not: "" } }],
  ["POST", "/users", { email: "x@example.com", roleIds: { contains: "" } }],
  ["PATCH", "/users/ID", { status: "pending" }],
  ["PATCH", "/users/ID", { confirm: true }],
  ["PUT", "/users/ID/roles", { roleIds: [{ not: "" }] }],
  ["PUT", "/users/ID/roles", {}],
  ["PUT", "/roles/ID/permissions", { permissions: { view_invoice: true } }],
  ["PUT", "/roles/ID/permissions", { permissions: [], conditions: { view_invoice: "own" } }],
  [
    "PUT",
    "/roles/ID/permissions",
    { permissions: ["view_invoice"], conditions: { view_invoice: "x" } },
  ],
])("%s %s with %j is 422: only scalars reach the database (DEC-10)", async (method, path, body) => {
  const target = V1 + path.replace("ID", newId());
  expect(await send(admin, method, target, body)).toMatchObject({ status: 422 });
});

test.each([
  ["users", { walk: "next", sort: "name", value: "\0" }],
  ["users", { walk: "next", sort: "email", value: "\0" }],
  ["users", { walk: "next", sort: "newest", value: "0000-01-01T00:00:00Z" }],
  ["roles", { walk: "next", name: "\0" }],
  ["audit-events", { walk: "next", at: "0000-01-01T00:00:00Z" }],
  ["clients", { walk: "next", name: "\0" }],
])("a cursor of %s that was tampered with is refused like any other: %j", async (list, place) => {
  const cursor = encodeCursor({ ...place, id: newId() });
  const sort = "sort" in place ? `&sort=${place.sort}` : "";
  const { status } = await send(admin, "GET", `/api/v1/${list}?cursor=${cursor}${sort}`);
  expect(status).toBe(422);
});

test.each(["from=0000-01-01", "to=0000-01-01", "from=0001-01-01T00:00:00%2B14:00"])(
  "a time that the database cannot hold is refused: %s",
  async (query) => {
    expect((await send(admin, "GET", `/api/v1/audit-events?${query}`)).status).toBe(422);
  },
);

test.each(["actor=nobody%40example.net", "target=nothing", "id=7", "from=yesterday"])(
  "the audit log narrowed by what finds nothing is refused, and never the whole log: %s",
  async (query) => {
    const answer = await send(admin, "GET", `/api/v1/audit-events?${query}`);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
  },
);

test.each(["?limit=0", "?limit=101", "?limit=x", "?limit=1&limit=2", "?cursor=x", "?unknown=1"])(
  "every list refuses %s",
  async (query) => {
    for (const path of [
      "/users",
      "/roles",
      "/permissions",
      "/audit-events",
      "/sessions",
      "/clients",
    ]) {
      expect(await send(admin, "GET", V1 + path + query), path).toMatchObject({ status: 422 });
    }
  },
);

test("a user is created with a password, verified, with the roles asked for", async () => {
  const [email, roleId] = [anAddress(), await roleIdNamed("Manager")];
  const password = "a rather long passphrase";
  const body = { email, name: "Ada", password, roleIds: [roleId] };
  const created = await send(admin, "POST", `${V1}/users`, body);
  expect(created.status).toBe(201);
  expect(created.headers["location"]).toBe(`${V1}/users/${created.body.id}`);
  expect(created.body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{14}7/),
    email,
    name: "Ada",
    picture: null,
    status: "active",
    roles: [{ id: roleId, name: "Manager", expiresAt: null }],
    createdAt: expect.any(String),
    lastSignInAt: null,
  });
  const row = await prisma().user.findUniqueOrThrow({ where: { email } });
  expect(row.emailVerified).not.toBeNull();
  expect((await send(admin, "GET", `${V1}/users/${row.id}`)).body).toEqual(created.body);
});

test("without a password the user is pending, has the roles of a sign-up and is mailed one invitation", async () => {
  const email = anAddress();
  const created = await send(admin, "POST", `${V1}/users`, { email });
  expect(created).toMatchObject({
    status: 201,
    body: { status: "pending", name: null, roles: [{ name: "User" }] },
  });
  const mails = await prisma().outboxMessage.findMany({ where: { recipient: email } });
  expect(mails).toMatchObject([{ kind: "invitation" }]);
  const again = await send(admin, "POST", `${V1}/users`, { email });
  expect(again).toMatchObject({ status: 409, body: { code: "email_taken" } });
  expect(await prisma().outboxMessage.count({ where: { recipient: email } })).toBe(1);
});

test("of twenty parallel creations of one address one succeeds", async () => {
  const email = anAddress();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => send(admin, "POST", `${V1}/users`, { email })),
  );
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([201, ...Array(19).fill(409)]);
});

test("a weak password and an unknown role create nobody", async () => {
  const email = anAddress();
  const weak = await send(admin, "POST", `${V1}/users`, { email, password: "password123" });
  expect(weak).toMatchObject({ status: 422, body: { errors: [{ path: "password" }] } });
  const unknown = await send(admin, "POST", `${V1}/users`, { email, roleIds: [newId()] });
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: "roleIds" }] } });
  expect(await prisma().user.count({ where: { email } })).toBe(0);
});

test("whoever may create users gives no role without holding it and the right to assign (ATK-42)", async () => {
  const roleId = await roleIdNamed("Manager");
  const creator = await aSession((await aUserHolding({ manage_users: "all" })).id);
  const body = { email: anAddress(), roleIds: [roleId] };
  expect(await send(creator, "POST", `${V1}/users`, body)).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
  const held = { manage_users: "all", assign_roles: "all", view_invoice: "own" } as const;
  const assigner = await aSession((await aUserHolding(held)).id);
  const refused = await send(assigner, "POST", `${V1}/users`, body);
  expect(refused).toMatchObject({
    status: 403,
    body: { code: "beyond_own_permissions", decisionId: expect.any(String) },
  });
  expect(refused.body.detail).toContain("view_invoice");
  expect(await prisma().user.count({ where: { email: body.email } })).toBe(0);
  const { id } = await prisma().auditEvent.findUniqueOrThrow({
    where: { id: refused.body.decisionId },
  });
  expect(id).toBe(refused.body.decisionId);
});

test("disabling by PATCH bites on the user's next request", async () => {
  const { id } = await aUser();
  const cookie = await aSession(id);
  const disabled = await send(admin, "PATCH", `${V1}/users/${id}`, { status: "disabled" });
  expect(disabled).toMatchObject({ status: 200, body: { status: "disabled" } });
  expect(await send(cookie, "GET", `${V1}/me`)).toMatchObject({ status: 401 });
});

test("the last administrator is answered with 409, and oneself with a warning first", async () => {
  const roleId = await roleIdNamed("Admin");
  const before = await prisma().userRole.findMany({ where: { roleId } });
  const self = `${V1}/users/${adminId}`;
  expect(await send(admin, "PUT", `${self}/roles`, { roleIds: [] })).toMatchObject({
    status: 409,
    body: { code: "confirmation_required", detail: expect.stringContaining("manage_roles") },
  });
  expect(await send(admin, "DELETE", self)).toMatchObject({
    status: 409,
    body: { code: "confirmation_required" },
  });
  await prisma().userRole.deleteMany({ where: { roleId, userId: { not: adminId } } });
  const calls: [string, string, unknown?][] = [
    ["PUT", `${self}/roles`, { roleIds: [], confirm: true }],
    ["PATCH", self, { status: "disabled", confirm: true }],
    ["DELETE", `${self}?confirm=true`],
    ["PUT", `${V1}/roles/${roleId}/permissions`, { permissions: [], confirm: true }],
    ["DELETE", `${V1}/roles/${roleId}?confirm=true`],
  ];
  for (const [method, target, body] of calls) {
    expect(await send(admin, method, target, body), target).toMatchObject({
      status: 409,
      body: { code: "last_administrator" },
    });
  }
  await prisma().userRole.createMany({ data: before, skipDuplicates: true });
});

test("roles of a user are put and read back", async () => {
  const { id } = await aUser();
  const roleIds = [await roleIdNamed("Manager")];
  const put = await send(admin, "PUT", `${V1}/users/${id}/roles`, { roleIds });
  expect(put).toMatchObject({ status: 200, body: { items: [{ name: "Manager" }], roleIds } });
  expect((await send(admin, "GET", `${V1}/users/${id}/roles`)).body).toEqual(put.body);
  expect(await roleIdsOf(id)).toEqual(roleIds);
});

test("a role is created, renamed, changed as a whole and deleted", async () => {
  const name = `Clerk ${newId()}`;
  const permissions = ["create_invoice", "view_invoice"];
  const body = { name, description: "Writes", permissions, conditions: { view_invoice: "own" } };
  const created = await send(admin, "POST", `${V1}/roles`, body);
  expect(created).toMatchObject({
    status: 201,
    headers: { location: `${V1}/roles/${created.body.id}`, etag: '"1"' },
    body: { ...body, inherits: [], userCount: 0 },
  });
  const role = `${V1}/roles/${created.body.id}`;
  expect(await send(admin, "POST", `${V1}/roles`, body)).toMatchObject({
    status: 409,
    body: { code: "name_taken" },
  });
  const renamed = await send(admin, "PATCH", role, { name: `${name} II` });
  expect(renamed).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  const put = await send(admin, "PUT", `${role}/permissions`, {
    permissions: ["delete_invoice", "view_invoice"],
  });
  // What was said about a condition before stays said: nothing widens by being left out.
  expect(put.body).toMatchObject({
    permissions: ["delete_invoice", "view_invoice"],
    conditions: { view_invoice: "own" },
  });
  expect((await send(admin, "GET", `${role}/permissions`)).body).toEqual(put.body);
  expect(await send(admin, "DELETE", role)).toMatchObject({ status: 204 });
  expect(await send(admin, "GET", role)).toMatchObject({ status: 404 });
});

test("a change that is based on an older version is answered with 412 and the present one", async () => {
  const role = `${V1}/roles/${await aRole({})}`;
  const put = (version: string) =>
    send(
      admin,
      "PUT",
      `${role}/permissions`,
      { permissions: ["view_invoice"] },
      {
        "if-match": version,
      },
    );
  expect(await put('"1"')).toMatchObject({ status: 200, headers: { etag: '"2"' } });
  expect(await put('"1"')).toMatchObject({
    status: 412,
    headers: { etag: '"2"' },
    body: { code: "stale_version" },
  });
  expect(await send(admin, "PATCH", role, { name: "Late" }, { "if-match": '"1"' })).toMatchObject({
    status: 412,
  });
  expect(await send(admin, "DELETE", role, undefined, { "if-match": '"1"' })).toMatchObject({
    status: 412,
  });
});

test("a role's change bites on the very next request of its holders", async () => {
  const roleId = await aRole({});
  const { id } = await aUser({ roles: [] });
  await prisma().userRole.create({ data: { userId: id, roleId } });
  const cookie = await aSession(id);
  expect(await send(cookie, "GET", `${V1}/invoices`)).toMatchObject({ status: 403 });
  const permissions = ["view_invoice"];
  await send(admin, "PUT", `${V1}/roles/${roleId}/permissions`, { permissions });
  expect(await send(cookie, "GET", `${V1}/invoices`)).toMatchObject({ status: 200 });
  expect(await holdingsOf(id)).toEqual({ view_invoice: "all" });
});

test("users of another organization are answered with 404 on every path (ATK-43)", async () => {
  const { principal } = await aForeignCaller([]);
  await prisma().membership.deleteMany({
    where: { userId: principal.userId, organizationId: { not: principal.organizationId } },
  });
  const user = `/users/${principal.userId}`;
  for (const [method, path, , body] of CALLS.filter(([, path]) => path.startsWith("/users/ID"))) {
    const target = V1 + path.replace("/users/ID", user).replace("ID", principal.session.id);
    expect(await send(admin, method, target, body), `${method} ${path}`).toMatchObject({
      status: 404,
    });
  }
});

test("one's own sessions are listed with the present one marked, and ended one by one or all others", async () => {
  const { id } = await aUser();
  const [present, second, third] = [await aSession(id), await aSession(id), await aSession(id)];
  const listed = await send(present, "GET", `${V1}/sessions`);
  expect(listed.body.items).toHaveLength(3);
  expect(listed.body.items.filter((session: { current: boolean }) => session.current)).toHaveLength(
    1,
  );
  const secondId = (await findPrincipal(second))?.session.id;
  expect(await send(present, "DELETE", `${V1}/sessions/${secondId}`)).toMatchObject({
    status: 204,
  });
  expect(await send(present, "DELETE", `${V1}/sessions/${secondId}`)).toMatchObject({
    status: 404,
  });
  expect(await findPrincipal(second)).toBeNull();
  expect(await send(present, "DELETE", `${V1}/sessions`)).toMatchObject({ status: 204 });
  expect(await findPrincipal(third)).toBeNull();
  expect(await findPrincipal(present)).not.toBeNull();
  const strangers = (await findPrincipal(admin))?.session.id;
  expect(await send(present, "DELETE", `${V1}/sessions/${strangers}`)).toMatchObject({
    status: 404,
  });
  expect(await findPrincipal(admin)).not.toBeNull();
});

test("an administrator lists and ends the sessions of a user", async () => {
  const { id } = await aUser();
  const cookies = [await aSession(id), await aSession(id)];
  const sessions = `${V1}/users/${id}/sessions`;
  const page = await send(admin, "GET", `${sessions}?limit=1`);
  expect(page.body.items).toHaveLength(1);
  const rest = await send(admin, "GET", `${sessions}?limit=1&cursor=${page.body.nextCursor}`);
  expect(rest.body).toMatchObject({ items: [{ current: false }], nextCursor: null });
  const one = `${sessions}/${page.body.items[0].id}`;
  expect(await send(admin, "DELETE", one)).toMatchObject({ status: 204 });
  expect(await send(admin, "DELETE", sessions)).toMatchObject({ status: 204 });
  for (const cookie of cookies) expect(await findPrincipal(cookie)).toBeNull();
});

test("roles for a time are told with their end, and a PUT of what lasts leaves them alone", async () => {
  const [lasting, timed] = [await aRole({}, "Lasting"), await aRole({}, "Timed")];
  const { id } = await aUser({ roles: [] });
  const end = new Date(Date.now() + 3_600_000);
  await give(id, lasting);
  await give(id, timed, { expiresAt: end });
  const path = `${V1}/users/${id}/roles`;
  const told = await send(admin, "GET", path);
  const roles = [
    { id: lasting, name: "Lasting", expiresAt: null },
    { id: timed, name: "Timed", expiresAt: end.toISOString() },
  ];
  expect(told.body).toEqual({ items: roles, nextCursor: null, roleIds: [lasting] });
  expect((await send(admin, "GET", `${V1}/users/${id}`)).body.roles).toEqual(roles);
  const { roleIds } = told.body;
  expect((await send(admin, "PUT", path, { roleIds })).body).toEqual(told.body);
  expect((await send(admin, "PUT", path, { roleIds: [] })).body).toMatchObject({
    items: [roles[1]],
    roleIds: [],
  });
  expect((await send(admin, "PUT", path, { roleIds: [timed] })).body).toMatchObject({
    items: [{ id: timed, expiresAt: null }],
    roleIds: [timed],
  });
});
