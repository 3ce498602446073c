import { generateKeyPairSync } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { aUserHolding } from "@/tests/support/roles";

const CLIENTS = "/api/v1/clients";
const CALLBACK = "https://shop.example.com/callback";
let admin: string;

beforeAll(async () => {
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
});

const aShop = (fields: object = {}) =>
  send(admin, "POST", CLIENTS, { name: "Shop", kind: "web", redirectUris: [CALLBACK], ...fields });

test("a client is registered, with its secret in that one answer", async () => {
  const created = await aShop();
  expect(created).toMatchObject({
    status: 201,
    headers: { location: `${CLIENTS}/${created.body.id}`, etag: '"1"' },
    body: {
      name: "Shop",
      kind: "web",
      status: "active",
      authMethod: "client_secret_basic",
      firstParty: false,
      requirePushedRequests: false,
      redirectUris: [CALLBACK],
      scopes: [],
      secrets: [{ lastUsedAt: null }],
      secret: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    },
  });
  const { secret, ...shown } = created.body;
  const read = await send(admin, "GET", `${CLIENTS}/${created.body.id}`);
  expect(read.body).toEqual(shown);
  const listed = await send(admin, "GET", `${CLIENTS}?q=${created.body.id}`);
  expect(listed.body).toMatchObject({ items: [shown], nextCursor: null });
  expect(JSON.stringify([read, listed])).not.toContain(secret);
});

test("a client pushes its requests from the change on that says so (F54)", async () => {
  const made = await aShop({ requirePushedRequests: true });
  expect(made).toMatchObject({ status: 201, body: { requirePushedRequests: true } });
  const path = `${CLIENTS}/${made.body.id}`;
  const renamed = await send(admin, "PATCH", path, { name: "Store" });
  expect(renamed.body).toMatchObject({ name: "Store", requirePushedRequests: true });
  const freed = await send(admin, "PATCH", path, { requirePushedRequests: false });
  expect(freed.body).toMatchObject({ requirePushedRequests: false, version: 3 });
  const events = await prisma().auditEvent.findMany({
    where: { targetId: String(made.body.id) },
    orderBy: { id: "asc" },
  });
  expect(events.map(({ action, before, after }) => ({ action, before, after }))).toMatchObject([
    { action: "client.created", after: { requirePushedRequests: true } },
    { action: "client.updated", after: { requirePushedRequests: true } },
    {
      action: "client.updated",
      before: { requirePushedRequests: true },
      after: { requirePushedRequests: false },
    },
  ]);
});

test("a native app has no secret, and a client that signs has none either", async () => {
  const native = await aShop({ kind: "native", redirectUris: ["http://127.0.0.1/callback"] });
  expect(native.body).toMatchObject({ authMethod: "none", secret: null, secrets: [] });
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const jwks = { keys: [publicKey.export({ format: "jwk" })] };
  const signing = await aShop({ jwks });
  expect(signing.body).toMatchObject({
    authMethod: "private_key_jwt",
    secret: null,
    secrets: [],
    jwks: { keys: [{ kty: "EC", use: "sig", kid: expect.any(String) }] },
  });
  const moved = await send(admin, "PATCH", `${CLIENTS}/${signing.body.id}`, {
    jwksUri: "https://shop.example.com/jwks",
  });
  expect(moved.body).toMatchObject({ jwks: null, jwksUri: "https://shop.example.com/jwks" });
  const both = { jwks, jwksUri: "https://shop.example.com/jwks" };
  expect((await aShop(both)).body).toMatchObject({ errors: [{ path: "jwksUri" }] });
});

test.each<[object, string]>([
  [{ redirectUris: [] }, "redirectUris"],
  [{ redirectUris: ["http://shop.example.com/callback"] }, "redirectUris"],
  [{ redirectUris: ["https://*.example.com/callback"] }, "redirectUris"],
  [{ redirectUris: [`${CALLBACK}#fragment`] }, "redirectUris"],
  [{ redirectUris: ["https://SHOP.example.com/callback"] }, "redirectUris"],
  [{ kind: "native", redirectUris: ["myapp:/callback"] }, "redirectUris"],
  [{ kind: "native", redirectUris: ["javascript:alert(1)"] }, "redirectUris"],
  [{ kind: "native", redirectUris: ["http://192.0.2.1/callback"] }, "redirectUris"],
  [{ kind: "service" }, "redirectUris"],
  [{ kind: "service", redirectUris: [], firstParty: true }, "firstParty"],
  [{ kind: "service", redirectUris: [], requirePushedRequests: true }, "requirePushedRequests"],
  [{ kind: "single_page", scopes: ["tokens:introspect"] }, "scopes"],
  [{ scopes: ["everything"] }, "scopes.0"],
  [{ name: "Sh\u202eop" }, "name"],
  [{ backchannelLogoutUri: "http://shop.example.com/logout" }, "backchannelLogoutUri"],
  [{ jwks: { keys: [{ kty: "EC", crv: "P-256", x: "AA", y: "AA", d: "AA" }] } }, "jwks"],
  [{ jwksUri: "http://127.0.0.2/jwks" }, "jwksUri"],
])("%j is refused, and the field is named", async (fields, path) => {
  const refused = await aShop(fields);
  expect(refused).toMatchObject({ status: 422, body: { code: "validation_failed" } });
  expect(refused.body.errors[0]).toMatchObject({ path });
});

test("a client is changed at the version that was read, disabled and deleted", async () => {
  const client = `${CLIENTS}/${(await aShop()).body.id}`;
  const patch = (change: object, version?: string) =>
    send(admin, "PATCH", client, change, version ? { "if-match": version } : {});
  expect(await patch({ name: "Store", scopes: ["api:read"] }, '"1"')).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { name: "Store", scopes: ["api:read"], redirectUris: [CALLBACK] },
  });
  expect(await patch({ name: "Late" }, '"1"')).toMatchObject({
    status: 412,
    headers: { etag: '"2"' },
    body: { code: "stale_version" },
  });
  expect((await patch({ status: "disabled" })).body.status).toBe("disabled");
  expect((await patch({ status: "active", name: "Again" })).body).toMatchObject({
    status: "active",
    name: "Again",
  });
  expect((await patch({})).status).toBe(422);
  expect((await patch({ kind: "native" })).status).toBe(422);
  expect((await send(admin, "DELETE", client)).status).toBe(204);
  expect((await send(admin, "GET", client)).status).toBe(404);
});

test("secrets are changed over: at most two, and never none", async () => {
  const created = await aShop();
  const secrets = `${CLIENTS}/${created.body.id}/secrets`;
  const former = created.body.secrets[0].id;
  expect(await send(admin, "DELETE", `${secrets}/${former}`)).toMatchObject({
    status: 409,
    body: { code: "last_secret" },
  });
  const added = await send(admin, "POST", secrets);
  expect(added).toMatchObject({ status: 201, body: { secret: expect.any(String) } });
  expect(await send(admin, "POST", secrets)).toMatchObject({
    status: 409,
    body: { code: "too_many_secrets" },
  });
  expect((await send(admin, "DELETE", `${secrets}/${newId()}`)).status).toBe(404);
  expect((await send(admin, "DELETE", `${secrets}/${former}`)).status).toBe(204);
  const { body } = await send(admin, "GET", `${CLIENTS}/${created.body.id}`);
  expect(body.secrets).toMatchObject([{ id: added.body.id }]);
  const native = await aShop({ kind: "native", redirectUris: ["http://127.0.0.1/callback"] });
  expect(await send(admin, "POST", `${CLIENTS}/${native.body.id}/secrets`)).toMatchObject({
    status: 409,
    body: { code: "keeps_no_secret" },
  });
});

test("what reaches as far as its users is only for whoever holds everything (ATK-27)", async () => {
  const held = { view_clients: "all", manage_clients: "all" } as const;
  const delegate = await aSession((await aUserHolding(held)).id);
  const body = { name: "Shop", kind: "web", redirectUris: [CALLBACK], firstParty: true };
  expect(await send(delegate, "POST", CLIENTS, body)).toMatchObject({
    status: 403,
    body: { code: "beyond_own_permissions", decisionId: expect.any(String) },
  });
  expect((await send(delegate, "POST", CLIENTS, { ...body, firstParty: false })).status).toBe(201);
});
