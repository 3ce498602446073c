import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { anAddress } from "@/tests/support/invitations";
import { mailsTo } from "@/tests/support/mailbox";
import { aMemberHolding, anOrganization, aSessionIn, join } from "@/tests/support/organizations";
import { aUserHolding } from "@/tests/support/roles";

const PATH = "/api/v1/organizations";

let admin: { id: string; cookie: string };
let home: string;

beforeAll(async () => {
  const { id } = await aUser({ roles: ["Admin"] });
  admin = { id, cookie: await aSession(id) };
  ({ defaultOrganizationId: home } = await prisma().instance.findFirstOrThrow());
});

const aSlug = () => `org-${newId().slice(-12)}`;

/** Every call that names an organization, with the permission it needs. */
const CALLS: [method: string, path: string, permission: string, body?: unknown][] = [
  ["POST", "", "manage_organizations", { name: "New", slug: "new" }],
  ["GET", "/ID", "view_organization"],
  ["PATCH", "/ID", "manage_organizations", { name: "New" }],
  ["DELETE", "/ID", "manage_organizations"],
  ["GET", "/ID/members", "view_organization"],
  ["DELETE", "/ID/members/ID", "manage_members"],
  ["GET", "/ID/invitations", "view_organization"],
  ["POST", "/ID/invitations", "manage_members", { email: "new@example.com" }],
  ["POST", "/ID/invitations/ID/resend", "manage_members"],
  ["DELETE", "/ID/invitations/ID", "manage_members"],
];

test.each(CALLS)(
  "%s organizations%s is for whoever holds %s and for nobody else (ATK-06)",
  async (method, path, permission, body) => {
    const target = PATH + path.replaceAll("ID", newId());
    expect((await send(null, method, target, body)).status).toBe(401);
    const nobody = await aSession((await aUser({ roles: [] })).id);
    expect(await send(nobody, method, target, body)).toMatchObject({
      status: 403,
      body: { code: "forbidden" },
    });
    const all = CALLS.map(([, , key]) => key).filter((key) => key !== permission);
    const others = await aUserHolding(Object.fromEntries(all.map((key) => [key, "all"])));
    expect((await send(await aSession(others.id), method, target, body)).status).toBe(403);
  },
);

test("whoever holds everything in one organization gets 404 for all that is of another (ATK-43)", async () => {
  const [mine, other] = [await anOrganization(), await anOrganization()];
  const keys = ["view_organization", "manage_members", "assign_roles"];
  const grants = Object.fromEntries(keys.map((key) => [key, "all" as const]));
  const member = await aMemberHolding(mine.id, grants);
  const cookie = await aSessionIn(member.id, mine.id);
  const stranger = await aMemberHolding(other.id, {});
  const invitation = await prisma().invitation.create({
    data: {
      organizationId: other.id,
      email: anAddress(),
      tokenHash: Buffer.from(newId()),
      expiresAt: new Date(Date.now() + 1e6),
    },
  });
  const calls: [method: string, path: string, body?: unknown][] = [
    ["GET", `/${other.id}`],
    ["GET", `/${other.id}/members`],
    ["DELETE", `/${other.id}/members/${stranger.id}`],
    ["DELETE", `/${mine.id}/members/${stranger.id}`],
    ["GET", `/${other.id}/invitations`],
    ["POST", `/${other.id}/invitations`, { email: anAddress() }],
    ["POST", `/${other.id}/invitations/${invitation.id}/resend`],
    ["POST", `/${mine.id}/invitations/${invitation.id}/resend`],
    ["DELETE", `/${other.id}/invitations/${invitation.id}`],
    ["DELETE", `/${mine.id}/invitations/${invitation.id}`],
  ];
  for (const [method, path, body] of calls) {
    expect((await send(cookie, method, PATH + path, body)).status, `${method} ${path}`).toBe(404);
  }
  expect(await prisma().membership.count({ where: { userId: stranger.id } })).toBe(2);
  expect((await send(cookie, "GET", `${PATH}/${mine.id}`)).status).toBe(200);
});

test("one's own organizations are listed page by page, with the one in use", async () => {
  const user = await aUser({ roles: [] });
  const second = await anOrganization("Aaa");
  await join(user.id, second.id);
  const cookie = await aSession(user.id);
  const { body } = await send(cookie, "GET", `${PATH}?limit=1`);
  expect(body).toMatchObject({ items: [{ id: second.id, name: "Aaa", current: false }] });
  const { nextCursor } = body as { nextCursor: string };
  expect((await send(cookie, "GET", `${PATH}?limit=1&cursor=${nextCursor}`)).body).toMatchObject({
    items: [{ id: home, current: true }],
    nextCursor: null,
  });
});

test("an organization is created, renamed at its version, and deleted", async () => {
  const slug = aSlug();
  const made = await send(admin.cookie, "POST", PATH, { name: "Contoso", slug });
  expect(made).toMatchObject({ status: 201, body: { name: "Contoso", slug, memberCount: 1 } });
  const { id } = made.body as { id: string };
  expect(made.headers).toMatchObject({ location: `${PATH}/${id}`, etag: '"1"' });
  expect(await send(admin.cookie, "POST", PATH, { name: "Other", slug })).toMatchObject({
    status: 409,
    body: { code: "slug_taken" },
  });
  const rename = (version: string, name: string) =>
    send(admin.cookie, "PATCH", `${PATH}/${id}`, { name }, { "if-match": version });
  expect(await rename('"1"', "Contoso II")).toMatchObject({ status: 200, body: { version: 2 } });
  expect(await rename('"1"', "Late")).toMatchObject({ status: 412 });
  const refused = await send(admin.cookie, "DELETE", `${PATH}/${home}`);
  expect(refused).toMatchObject({
    status: 409,
    body: { code: "organization_obstructed", detail: expect.stringContaining("new accounts") },
  });
  expect((await send(admin.cookie, "DELETE", `${PATH}/${id}`)).status).toBe(204);
  expect((await send(admin.cookie, "GET", `${PATH}/${id}`)).status).toBe(404);
});

test.each(["Upper", "a", "-a", "a--b", "a_b", "äö", "a".repeat(41)])(
  "what is no slug is refused: %s",
  async (slug) => {
    const result = await send(admin.cookie, "POST", PATH, { name: "X", slug });
    expect(result).toMatchObject({ status: 422, body: { errors: [{ path: "slug" }] } });
  },
);

test("members and invitations are seen and changed", async () => {
  const here = `${PATH}/${home}`;
  const email = anAddress();
  const invited = await send(admin.cookie, "POST", `${here}/invitations`, { email });
  expect(invited).toMatchObject({ status: 201, body: { email, sentCount: 1, roles: [] } });
  const { id } = invited.body as { id: string };
  expect(await send(admin.cookie, "POST", `${here}/invitations`, { email })).toMatchObject({
    status: 409,
    body: { code: "already_invited" },
  });
  const again = await send(admin.cookie, "POST", `${here}/invitations/${id}/resend`);
  expect(again).toMatchObject({ status: 200, body: { sentCount: 2, hasExpired: false } });
  expect(await mailsTo(email)).toHaveLength(2);
  const list = await send(admin.cookie, "GET", `${here}/invitations`);
  expect(list.body).toMatchObject({ items: [{ id }], nextCursor: null });
  expect((await send(admin.cookie, "DELETE", `${here}/invitations/${id}`)).status).toBe(204);
  expect((await send(admin.cookie, "DELETE", `${here}/invitations/${id}`)).status).toBe(404);

  const member = await aUser({ roles: [] });
  const found = await send(admin.cookie, "GET", `${here}/members?q=${member.email}`);
  expect(found.body).toMatchObject({ items: [{ userId: member.id, roles: [] }] });
  const remove = () => send(admin.cookie, "DELETE", `${here}/members/${member.id}`);
  expect(await remove()).toMatchObject({ status: 409, body: { code: "only_membership" } });
  await join(member.id, (await anOrganization()).id);
  expect((await remove()).status).toBe(204);
  expect((await remove()).status).toBe(404);
  expect(await send(admin.cookie, "DELETE", `${here}/members/${admin.id}`)).toMatchObject({
    status: 409,
    body: { code: "self" },
  });
});

test("an address is mailed a few invitations an hour (F120)", async () => {
  const here = `${PATH}/${home}/invitations`;
  const email = anAddress();
  const { body } = await send(admin.cookie, "POST", here, { email });
  const { id } = body as { id: string };
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    statuses.push((await send(admin.cookie, "POST", `${here}/${id}/resend`)).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 429]);
});
