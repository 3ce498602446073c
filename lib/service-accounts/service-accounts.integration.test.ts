import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import {
  assignServiceRoles,
  listServiceRoles,
  measureServiceRoles,
} from "@/lib/service-accounts/service-roles";
import { type Answer, send } from "@/tests/support/api";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aCaller, aSession, aUser, callerOf } from "@/tests/support/builders";
import { aCallerIn, anOrganization, defaultOrganizationId } from "@/tests/support/organizations";
import { race } from "@/tests/support/race";
import {
  aCallerHolding,
  aRole,
  aUserHolding,
  eventsOf,
  type Grants,
  give,
  roleIdNamed,
} from "@/tests/support/roles";
import { aForeignCaller, aForeignSession } from "@/tests/support/strangers";

const machine = serveMachinePaths();

let admin: string;

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
});

interface Service {
  clientId: string;
  token: string;
  ask(method: string, path: string, body?: unknown, headers?: object): Promise<Answer>;
}

/** A service account that holds this, and a token that it got for itself. */
async function aService(grants: Grants = {}, scopes = ["api:read", "api:write"]): Promise<Service> {
  const { clientId, secret } = await aClient({ name: "Reports", kind: "service", scopes });
  if (Object.keys(grants).length > 0) await giveRoles(clientId, [await aRole(grants)]);
  const answer = await post(
    machine,
    "/token",
    {
      grant_type: "client_credentials",
      resource: `${getConfig().origin}/api/v1`,
      scope: scopes.join(" "),
    },
    { authorization: basic(clientId, secret) },
  );
  const token = String(answer.body["access_token"]);
  const authorization = `Bearer ${token}`;
  return {
    clientId,
    token,
    ask: (method, path, body, headers = {}) =>
      send(null, method, path, body, { authorization, ...headers }),
  };
}

async function giveRoles(clientId: string, roleIds: string[]): Promise<void> {
  const answer = await send(admin, "PUT", `/api/v1/clients/${clientId}/roles`, { roleIds });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
}

async function anInvoice(): Promise<{ id: string; customer: string }> {
  const owner = await aSession((await aUser({ roles: ["Manager"] })).id);
  const body = { customer: `Customer ${newId()}`, amount: 100, currency: "EUR" };
  return (await send(owner, "POST", "/api/v1/invoices", body)).body;
}

describe("a service account (F42)", () => {
  test("without roles may do nothing, and every refusal is on record as its own", async () => {
    const service = await aService();
    const answer = await service.ask("GET", "/api/v1/invoices");
    expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    const event = await prisma().auditEvent.findUniqueOrThrow({
      where: { id: answer.body.decisionId },
    });
    expect(event).toMatchObject({
      action: "authorization.denied",
      actorType: "service",
      actorId: service.clientId,
      sessionId: null,
    });
  });

  test("does what its roles give and no more, and loses it with the next request", async () => {
    const { id, customer } = await anInvoice();
    const service = await aService({ view_invoice: "all", update_invoice: "all" });
    const path = `/api/v1/invoices/${id}`;
    expect((await service.ask("GET", path)).body).toMatchObject({ customer });
    expect((await service.ask("PATCH", path, { customer: "Ada" })).status).toBe(200);
    expect((await service.ask("DELETE", path)).status).toBe(403);
    const event = await prisma().auditEvent.findFirstOrThrow({
      where: { action: "invoice.updated", targetId: id },
    });
    expect(event).toMatchObject({ actorType: "service", actorId: service.clientId });
    await giveRoles(service.clientId, []);
    expect((await service.ask("GET", path)).status).toBe(403);
  });

  test("is shown in the audit log under its name", async () => {
    const { id } = await anInvoice();
    const service = await aService({ view_invoice: "all", delete_invoice: "all" });
    expect((await service.ask("DELETE", `/api/v1/invoices/${id}`)).status).toBe(204);
    const log = await send(admin, "GET", `/api/v1/audit-events?actor=${service.clientId}`);
    expect(log.body.items[0]).toMatchObject({
      action: "invoice.deleted",
      actor: { type: "service", id: service.clientId, name: "Reports" },
    });
  });

  test("owns nothing: a role that reaches own records reaches none", async () => {
    const { id } = await anInvoice();
    const service = await aService({ view_invoice: "own" });
    for (const path of ["/api/v1/invoices", `/api/v1/invoices/${id}`]) {
      const answer = await service.ask("GET", path);
      expect(answer).toMatchObject({ status: 403, body: { code: "forbidden" } });
    }
  });

  test("has its scopes asked as well", async () => {
    const { id } = await anInvoice();
    const service = await aService({ view_invoice: "all", delete_invoice: "all" }, ["api:read"]);
    expect((await service.ask("GET", "/api/v1/invoices")).status).toBe(200);
    expect(await service.ask("DELETE", `/api/v1/invoices/${id}`)).toMatchObject({
      status: 403,
      body: { code: "insufficient_scope" },
    });
  });

  test("acts in its own organization alone (ATK-43)", async () => {
    const foreign = await aForeignSession(["Manager"]);
    const body = { customer: "Elsewhere", amount: 100, currency: "EUR" };
    const { id } = (await send(foreign, "POST", "/api/v1/invoices", body)).body;
    const service = await aService({ view_invoice: "all" });
    expect((await service.ask("GET", `/api/v1/invoices/${id}`)).status).toBe(404);
    // Nor is it somebody else's to give roles, or to look at.
    for (const method of ["GET", "PUT"]) {
      const path = `/api/v1/clients/${service.clientId}/roles`;
      const answer = await send(
        await aForeignSession(["Admin"]),
        method,
        path,
        method === "PUT" ? { roleIds: [] } : undefined,
      );
      expect(answer.status).toBe(404);
    }
  });

  test("is nobody: what is about a user, or needs a person, is refused and says so", async () => {
    const permissions = (await prisma().permission.findMany()).map(({ key }) => [key, "all"]);
    const service = await aService(Object.fromEntries(permissions) as Grants);
    const before = await prisma().user.count();
    for (const { method, path, access, services } of ENDPOINTS) {
      if (access === "anonymous" || services === true) continue;
      const target = path.replaceAll(/\{\w+\}/g, newId());
      const answer = await service.ask(method, target, method === "GET" ? undefined : {});
      expect([target, answer.status, answer.body.code]).toEqual([target, 403, "user_required"]);
    }
    expect(await prisma().user.count()).toBe(before);
  });

  test("that holds everything still changes no roles and resets nothing: these take a person", () => {
    const open = ENDPOINTS.filter(({ services }) => services === true);
    expect(open.length).toBeGreaterThan(10);
    for (const { access, method, path } of open) {
      expect(typeof access, path).toBe("object");
      if (typeof access === "object")
        expect([method, path, access.sensitive ?? false]).toEqual([method, path, false]);
    }
  });

  test("is gone with its client, and a client of another kind is none", async () => {
    const service = await aService({ view_invoice: "all" });
    await prisma().oidcClient.update({
      where: { id: service.clientId },
      data: { kind: "web" },
    });
    expect((await service.ask("GET", "/api/v1/invoices")).status).toBe(401);
    const disabled = await aService({ view_invoice: "all" });
    await prisma().oidcClient.update({
      where: { id: disabled.clientId },
      data: { disabledAt: new Date() },
    });
    expect((await disabled.ask("GET", "/api/v1/invoices")).status).toBe(401);
    const gone = await aService({ view_invoice: "all" });
    await prisma().oidcClient.delete({ where: { id: gone.clientId } });
    expect((await gone.ask("GET", "/api/v1/invoices")).status).toBe(401);
  });

  test("governs no user who holds what it lacks (ATK-42)", async () => {
    const above = await aUser({ roles: ["Admin"] });
    const below = await aUser({ roles: [] });
    const service = await aService({ manage_users: "all", view_users: "all" });
    const change = { name: "Renamed" };
    expect(await service.ask("PATCH", `/api/v1/users/${above.id}`, change)).toMatchObject({
      status: 403,
      body: { code: "beyond_own_permissions" },
    });
    expect((await service.ask("PATCH", `/api/v1/users/${below.id}`, change)).status).toBe(200);
  });
});

describe("who gives a service account roles", () => {
  const rolesOf = async (clientId: string) =>
    (await prisma().serviceAccountRole.findMany({ where: { clientId } })).map((row) => row.roleId);

  test("gives at most what they hold, and takes only what they could give (ATK-27, ATK-42)", async () => {
    const { clientId } = await aService();
    const [within, beyond] = [
      await aRole({ view_invoice: "all" }),
      await aRole({ view_users: "all" }),
    ];
    const delegate = await aCallerHolding({ assign_roles: "all", view_invoice: "all" });
    expect(await assignServiceRoles(delegate, clientId, [beyond])).toMatchObject({
      reason: "beyond-own-permissions",
      missing: ["view_users"],
    });
    expect(
      await assignServiceRoles(delegate, clientId, [within, await roleIdNamed("Admin")]),
    ).toMatchObject({ reason: "beyond-own-permissions" });
    expect(await rolesOf(clientId)).toEqual([]);
    expect(await assignServiceRoles(delegate, clientId, [within, within])).toMatchObject({
      outcome: "assigned",
      changed: true,
    });
    expect(await assignServiceRoles(delegate, clientId, [within])).toMatchObject({
      changed: false,
    });
    await giveRoles(clientId, [within, beyond]);
    // The account is above them now, and theirs no more.
    expect(await assignServiceRoles(delegate, clientId, [])).toMatchObject({
      reason: "beyond-own-permissions",
    });
    expect(await rolesOf(clientId)).toHaveLength(2);
  });

  test("has the permission without a condition, a fresh session, and is on record", async () => {
    const { clientId } = await aService();
    const role = await aRole({ view_invoice: "all" });
    const own = await aCallerHolding({ assign_roles: "own", view_invoice: "all" });
    await expect(assignServiceRoles(own, clientId, [role])).rejects.toThrow("assign_roles");
    const caller = await aCaller({ roles: ["Admin"] });
    await assignServiceRoles(caller, clientId, [role]);
    expect(await eventsOf(caller)).toMatchObject([
      { action: "client.role_assigned", targetType: "client", targetId: clientId },
    ]);
    const stale = await aUser({ roles: ["Admin"] });
    const session = await aSession(stale.id);
    await prisma().$executeRaw`
      UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = ${stale.id}::uuid`;
    const path = `/api/v1/clients/${clientId}/roles`;
    expect((await send(session, "PUT", path, { roleIds: [] })).status).toBe(401);
    expect(await rolesOf(clientId)).toEqual([role]);
  });

  test("is told of what is no role, no client, and no service", async () => {
    const caller = await aCaller({ roles: ["Admin"] });
    const { clientId } = await aService();
    expect(await assignServiceRoles(caller, clientId, [newId()])).toMatchObject({
      reason: "unknown-role",
    });
    for (const id of [newId(), "gatehouse", "\u0000"]) {
      const { outcome } = await assignServiceRoles(caller, id, []);
      expect(outcome).toBe("not-found");
    }
    const web = await aClient({
      name: "Shop",
      kind: "web",
      redirectUris: ["https://shop.example.com/callback"],
    });
    expect(await assignServiceRoles(caller, web.clientId, [])).toMatchObject({
      reason: "not-a-service",
    });
    expect((await send(admin, "GET", `/api/v1/clients/${web.clientId}/roles`)).body).toMatchObject({
      code: "not_a_service",
    });
  });

  test("gets a secret of one only as far as they hold what it holds (ATK-27, ATK-42)", async () => {
    const { clientId } = await aService({ view_users: "all" });
    const delegate = await aUserHolding({ manage_clients: "all", view_clients: "all" });
    const session = await aSession(delegate.id);
    const client = `/api/v1/clients/${clientId}`;
    for (const [method, path, body] of [
      ["POST", `${client}/secrets`, undefined],
      ["PATCH", client, { name: "Mine" }],
    ] as const) {
      expect(await send(session, method, path, body), path).toMatchObject({
        status: 403,
        body: { code: "beyond_own_permissions" },
      });
    }
    expect((await send(admin, "POST", `${client}/secrets`)).status).toBe(201);
    // What only takes away waits for nobody.
    expect((await send(session, "PATCH", client, { status: "disabled" })).status).toBe(200);
  });

  test("of many at once each finds what the one before left", async () => {
    const { clientId } = await aService();
    const role = await aRole({ view_invoice: "all" });
    const caller = await aCaller({ roles: ["Admin"] });
    const results = await race(8, () => assignServiceRoles(caller, clientId, [role]));
    expect(results.every(({ outcome }) => outcome === "assigned")).toBe(true);
    expect(results.filter((result) => "changed" in result && result.changed)).toHaveLength(1);
    expect(await rolesOf(clientId)).toEqual([role]);
  });

  test("takes none into an organization that had none before, unless they hold it on the whole instance (ATK-43)", async () => {
    const { clientId } = await aClient({ name: "Unclaimed", kind: "service" });
    const { id: organizationId } = await anOrganization();
    const grants = { view_roles: "all", assign_roles: "all", view_invoice: "all" } as const;
    const [roleId, claimer] = [await aRole({ view_invoice: "all" }), await aRole(grants)];
    const delegate = await aCallerIn(organizationId, grants);
    expect(await listServiceRoles(delegate, clientId)).toEqual({ outcome: "not-found" });
    expect(await measureServiceRoles(delegate, clientId)).toBeNull();
    expect(await assignServiceRoles(delegate, clientId, [roleId])).toEqual({
      outcome: "not-found",
    });
    expect(await prisma().serviceAccount.count({ where: { clientId } })).toBe(0);
    // It acts in the installation's own organization, and is governed there.
    const own = await aCallerIn(await defaultOrganizationId(), grants);
    expect(await listServiceRoles(own, clientId)).toMatchObject({ outcome: "found" });
    await give(delegate.principal.userId, claimer);
    expect(await assignServiceRoles(delegate, clientId, [roleId])).toMatchObject({
      outcome: "assigned",
    });
    expect(await prisma().serviceAccount.findUnique({ where: { clientId } })).toMatchObject({
      organizationId,
    });
    expect(await listServiceRoles(own, clientId)).toEqual({ outcome: "not-found" });
  });

  test("loses that right in the middle of it (ATK-44)", async () => {
    const { clientId } = await aService();
    const user = await aUserHolding({ assign_roles: "all", view_invoice: "all" });
    const caller = await callerOf(user.id);
    const role = await aRole({ view_invoice: "all" });
    await prisma().user.update({ where: { id: user.id }, data: { status: "disabled" } });
    expect(await assignServiceRoles(caller, clientId, [role])).toMatchObject({
      reason: "beyond-own-permissions",
    });
    expect(
      (await assignServiceRoles(await aForeignCaller(["Admin"]), clientId, [role])).outcome,
    ).toBe("assigned");
    // Now it belongs there.
    expect(
      (await assignServiceRoles(await aCaller({ roles: ["Admin"] }), clientId, [])).outcome,
    ).toBe("not-found");
  });
});

describe("subjects (BCP-19)", () => {
  test("a token that a client got for itself names the client, and no user has that id", async () => {
    const { clientId, token } = await aService();
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ sub: clientId, client_id: clientId });
    expect(claims.sid).toBeUndefined();
    expect(await prisma().user.count({ where: { id: clientId } })).toBe(0);
  });

  test("the database has no client with a user's id, and no user with a client's", async () => {
    const user = await aUser();
    const { clientId } = await aService();
    for (const id of [user.id, user.id.toUpperCase()]) {
      await expect(
        prisma().$executeRaw`
          INSERT INTO oidc_clients (id, name, kind, auth_method)
          VALUES (${id}, 'Evil', 'service', 'client_secret_basic')`,
      ).rejects.toThrow("a user has this id");
      await expect(
        prisma().$executeRaw`UPDATE oidc_clients SET id = ${id} WHERE id = ${clientId}`,
      ).rejects.toThrow("a user has this id");
    }
    await expect(
      prisma().user.create({ data: { id: clientId, email: `${newId()}@example.com` } }),
    ).rejects.toThrow(/./);
    await expect(
      prisma().$executeRaw`UPDATE users SET id = ${clientId}::uuid WHERE id = ${user.id}::uuid`,
    ).rejects.toThrow("a client has this id");
  });
});

test("a preview of a service account's roles names what it gains and loses, and gives it nothing", async () => {
  const service = await aService({ update_invoice: "all" });
  const wider = await aRole({ view_invoice: "all", create_invoice: "all" });
  const path = `/api/v1/clients/${service.clientId}/roles`;
  const held = (await send(admin, "GET", path)).body.roleIds;
  const preview = await send(admin, "PUT", `${path}?preview=true`, { roleIds: [wider] });
  expect(preview).toMatchObject({
    status: 200,
    body: {
      people: 0,
      services: 1,
      foretold: null,
      namedServices: [
        {
          clientId: service.clientId,
          name: "Reports",
          lines: [
            { permission: "create_invoice", difference: "gained" },
            { permission: "update_invoice", difference: "lost" },
            { permission: "view_invoice", difference: "gained" },
          ],
        },
      ],
    },
  });
  expect((await send(admin, "GET", path)).body.roleIds).toEqual(held);
  const { id } = await anInvoice();
  expect((await service.ask("GET", `/api/v1/invoices/${id}`)).status).toBe(403);
  expect((await send(admin, "PUT", path, { roleIds: [wider] })).status).toBe(200);
  expect((await service.ask("GET", `/api/v1/invoices/${id}`)).status).toBe(200);
  const first = await aService();
  const unheld = `/api/v1/clients/${first.clientId}/roles?preview=true`;
  expect((await send(admin, "PUT", unheld, { roleIds: [wider] })).body).toMatchObject({
    namedServices: [{ clientId: first.clientId, lines: [{ difference: "gained" }, {}] }],
  });
  const { id: clerk } = await aUserHolding({ assign_roles: "all", view_roles: "all" });
  expect(await send(await aSession(clerk), "PUT", unheld, { roleIds: [wider] })).toMatchObject({
    status: 403,
  });
});
