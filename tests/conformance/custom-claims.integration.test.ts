import { decodeJwt } from "jose";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { findCustomClaims } from "@/lib/oidc/custom-claims";
import { pairwiseSubject } from "@/lib/oidc/pairwise";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { send as sendJson } from "@/tests/support/api";
import { aClient, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith, type TestUser } from "@/tests/support/builders";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";
import { aUserHolding } from "@/tests/support/roles";
import { aForeignSession } from "@/tests/support/strangers";

const send = serveMachinePaths();
const CLAIMS = "/api/v1/claims";
const api = () => `${getConfig().origin}/api/v1`;

let admin: string;
let user: TestUser;
let clientId: string;

beforeAll(async () => {
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  user = await aUser({ roles: ["User", "Manager"] });
  clientId = (
    await aClient({
      name: "Notes",
      kind: "single_page",
      redirectUris: [CALLBACK],
      scopes: ["api:read"],
    })
  ).clientId;
});

beforeEach(async () => {
  await prisma().claimTemplate.deleteMany();
});

async function add(claim: object, session = admin) {
  const both = { scope: "profile", targets: ["id_token", "userinfo"] };
  return sendJson(session, "POST", CLAIMS, { ...both, ...claim });
}

/** Signs the user in to the app, and reads all that the app is told. */
async function signIn(scope: string, { resource = false } = {}) {
  const pkce = aPkce();
  const browser = new Browser(send, await aSession(user.id));
  const asked = { scope, ...(resource ? { resource: api() } : {}) };
  const landed = await browser.authorize(authorizationUrl(clientId, pkce, asked));
  const { status, body } = await post(send, "/token", {
    grant_type: "authorization_code",
    client_id: clientId,
    code: String(landed.searchParams.get("code")),
    redirect_uri: CALLBACK,
    code_verifier: pkce.verifier,
    ...(resource ? { resource: api() } : {}),
  });
  expect(status).toBe(200);
  const accessToken = String(body["access_token"]);
  return {
    idToken: decodeJwt(String(body["id_token"])),
    accessToken,
    userinfo: async () => {
      const answer = await send(`${getConfig().origin}/oidc/me`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      return (await answer.json()) as Record<string, unknown>;
    },
  };
}

test("a claim is in the id token and in userinfo from the next sign-in on, by its scope (F43)", async () => {
  expect((await add({ name: "groups", value: "{{roles}}" })).status).toBe(201);
  expect(
    (
      await add({
        name: "tenant",
        value: "{{organization.slug}}",
        scope: "openid",
        targets: ["userinfo"],
      })
    ).status,
  ).toBe(201);
  const { idToken, userinfo } = await signIn("openid profile");
  expect(idToken["groups"]).toEqual(["Manager", "User"]);
  expect(idToken["tenant"]).toBeUndefined();
  expect(await userinfo()).toMatchObject({
    sub: user.id,
    groups: ["Manager", "User"],
    tenant: "default",
  });
  const without = await signIn("openid");
  expect(without.idToken["groups"]).toBeUndefined();
  expect(await without.userinfo()).not.toHaveProperty("groups");
});

test("a claim of an API scope is in the access token, which goes on being good", async () => {
  const claim = { name: "tenant", value: "t-{{organization.slug}}", scope: "api:read" };
  expect((await add({ ...claim, targets: ["access_token"] })).status).toBe(201);
  const { idToken, accessToken } = await signIn("openid api:read", { resource: true });
  expect(decodeJwt(accessToken)["tenant"]).toBe("t-default");
  expect(idToken["tenant"]).toBeUndefined();
  const me = await sendJson(null, "GET", "/api/v1/me", undefined, {
    authorization: `Bearer ${accessToken}`,
  });
  expect(me).toMatchObject({ status: 200, body: { id: user.id } });
});

test("a client's own claim comes before that of all, and others are not told it", async () => {
  await add({ name: "plan", value: "free" });
  await add({ name: "plan", value: "paid", clientId });
  const other = await aClient({ name: "Other", kind: "web", redirectUris: [CALLBACK] });
  await add({ name: "secret", value: "theirs", clientId: other.clientId });
  const { idToken } = await signIn("openid profile");
  expect(idToken["plan"]).toBe("paid");
  expect(idToken["secret"]).toBeUndefined();
});

test("what apps rely on cannot be overwritten, not even by a row that came there otherwise", async () => {
  for (const name of ["sub", "email", "acr", "aud", "sid", "sub_id"]) {
    expect((await add({ name, value: "evil" })).status).toBe(422);
    await prisma().claimTemplate.create({
      data: {
        id: newId(),
        name,
        value: "evil",
        scope: "openid",
        targets: ["id_token", "userinfo"],
      },
    });
  }
  const { idToken, userinfo } = await signIn("openid email");
  expect(idToken).toMatchObject({ sub: user.id, aud: clientId });
  expect(JSON.stringify([idToken, await userinfo()])).not.toContain("evil");
});

test("what is too large is left out, and the sign-in goes on", async () => {
  await add({ name: "small", value: 1 });
  await prisma().user.update({ where: { id: user.id }, data: { name: "x".repeat(1_500) } });
  await add({ name: "large", value: "{{user.name}}" });
  const { idToken } = await signIn("openid profile");
  expect(idToken["small"]).toBe(1);
  expect(idToken["large"]).toBeUndefined();
  const preview = await sendJson(admin, "GET", `/api/v1/users/${user.id}/claims`);
  expect(preview.body.id_token).toEqual({ claims: { small: 1 }, leftOut: ["large"] });
  await prisma().user.update({ where: { id: user.id }, data: { name: "Ada" } });
});

test("a preview is of a user of one's own organization, for whoever may see both", async () => {
  await add({ name: "mail", value: "{{user.email}}" });
  const path = `/api/v1/users/${user.id}/claims?clientId=${clientId}`;
  expect((await sendJson(admin, "GET", path)).body.userinfo.claims).toEqual({ mail: user.email });
  expect((await sendJson(await aForeignSession(["Admin"]), "GET", path)).status).toBe(404);
  const half = await aSession((await aUserHolding({ view_users: "all" })).id);
  expect((await sendJson(half, "GET", path)).status).toBe(403);
  expect((await sendJson(admin, "GET", "/api/v1/users/nobody/claims")).status).toBe(404);
});

test("a preview tells nothing of another organization that the user belongs to (ATK-43)", async () => {
  await add({ name: "tenant", value: "{{organization.slug}}" });
  await add({ name: "groups", value: "{{roles}}" });
  const member = await aUser({ roles: [] });
  const elsewhere = await aForeignSession(["Admin"]);
  const { organizationId } = (await callerWith(elsewhere)).principal;
  await prisma().membership.create({ data: { userId: member.id, organizationId } });
  const home = (await callerWith(admin)).principal.organizationId;
  const { id: roleId } = await prisma().role.findFirstOrThrow({ where: { name: "Manager" } });
  await prisma().userRole.create({ data: { userId: member.id, roleId, organizationId: home } });
  const { body } = await sendJson(elsewhere, "GET", `/api/v1/users/${member.id}/claims`);
  expect(body.id_token.claims).toEqual({
    tenant: expect.stringMatching(/^foreign-/),
    groups: [],
  });
  const strange = `/api/v1/users/${member.id}/claims?clientId=%00`;
  expect((await sendJson(elsewhere, "GET", strange)).status).toBe(200);
});

test("an app is told of no organization that its user has left since", async () => {
  await add({ name: "tenant", value: "{{organization.slug}}", scope: "openid" });
  const member = await aUser();
  const session = await aSession(member.id);
  const sessionId = (await callerWith(session)).principal.session.id;
  const asked = { clientId, userId: member.id, sessionId, scopes: new Set(["openid"]) };
  const told = async () => (await findCustomClaims({ ...asked, target: "id_token" })).claims;
  expect(await told()).toEqual([["tenant", "default"]]);
  await prisma().membership.deleteMany({ where: { userId: member.id } });
  const other = await prisma().organization.create({ data: { name: "New", slug: newId() } });
  await prisma().membership.create({ data: { userId: member.id, organizationId: other.id } });
  expect(await told()).toEqual([]);
});

test("a pairwise app is not told the name that everybody knows its user by (OIDC Core §17.3)", async () => {
  await add({ name: "uid", value: "u-{{user.id}}", scope: "openid" });
  const pairwise = await aClient({
    name: "Shop",
    kind: "web",
    redirectUris: [CALLBACK],
    pairwise: true,
  });
  const asked = { userId: user.id, sessionId: null, scopes: new Set(["openid"]) };
  const told = async (id: string) =>
    (await findCustomClaims({ ...asked, clientId: id, target: "userinfo" })).claims;
  const name = await pairwiseSubject(undefined, user.id, {
    pairwise_sector: new URL(CALLBACK).host,
  });
  expect(await told(pairwise.clientId)).toEqual([["uid", `u-${name}`]]);
  expect(await told(clientId)).toEqual([["uid", `u-${user.id}`]]);
});

test("a claim for every app takes every permission, one for an app what that app takes (ATK-27)", async () => {
  const manager = await aUserHolding({ manage_clients: "all", view_clients: "all" });
  const session = await aSession(manager.id);
  expect(await add({ name: "groups", value: "admins" }, session)).toMatchObject({
    status: 403,
    body: { code: "beyond_own_permissions" },
  });
  const trusted = await aClient({
    name: "Ours",
    kind: "web",
    firstParty: true,
    redirectUris: [CALLBACK],
  });
  const forTrusted = { name: "groups", value: "admins", clientId: trusted.clientId };
  expect((await add(forTrusted, session)).status).toBe(403);
  const created = await add({ name: "groups", value: "readers", clientId }, session);
  expect(created.status).toBe(201);
  expect((await add({ name: "groups", value: "x", clientId }, session)).body.code).toBe(
    "name_taken",
  );
  expect((await add({ name: "plan", value: "x", clientId: "none" })).status).toBe(422);
  expect((await sendJson(session, "DELETE", `${CLAIMS}/${created.body.id}`)).status).toBe(204);
  expect((await sendJson(session, "DELETE", `${CLAIMS}/${created.body.id}`)).status).toBe(404);
  const events = await prisma().auditEvent.findMany({
    where: { actorId: manager.id, outcome: "success", action: { startsWith: "claim." } },
    orderBy: { at: "asc" },
  });
  expect(events.map(({ action }) => action)).toEqual(["claim.created", "claim.deleted"]);
});
