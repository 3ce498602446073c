import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/platform/id";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { defaultOrganizationId, join } from "@/tests/support/organizations";
import { aPolicyOf } from "@/tests/support/policies";
import { aRole, aUserHolding, give } from "@/tests/support/roles";
import { anOrganization, aTeam } from "@/tests/support/teams";

// What a call would do, by the same call with `preview=true`, which does nothing.

const V1 = "/api/v1";
let admin = "";

beforeAll(async () => {
  await aUser({ roles: ["Admin"] });
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
});

const mayView = async (userId: string): Promise<boolean> =>
  (await send(await aSession(userId), "GET", `${V1}/invoices`)).status === 200;

type Call = [method: string, path: string, body?: object];

/** The preview names this of the person, leaves everything as it is, and the call then does it. */
async function foretells([method, path, body]: Call, userId: string, difference: string) {
  const held = await mayView(userId);
  const preview = await send(admin, method, `${V1}${path}?preview=true`, body);
  expect(preview).toMatchObject({
    status: 200,
    body: {
      preview: true,
      people: 1,
      foretold: null,
      named: [{ id: userId, lines: [{ permission: "view_invoice", difference }] }],
    },
  });
  expect(await mayView(userId)).toBe(held);
  const { status } = await send(admin, method, `${V1}${path}`, body);
  expect([200, 204]).toContain(status);
  expect(await mayView(userId)).toBe(difference === "gained");
}

test("a policy is put in force, rolled back and ended after a preview of each (F92)", async () => {
  const { id } = await aUserHolding({ view_invoice: "all" });
  const policyId = await aPolicyOf({ condition: { kind: "user", ids: [id] } });
  const own = `/policies/${policyId}`;
  await foretells(["POST", `${own}/activate`, { number: 1 }], id, "lost");
  await foretells(["POST", `${own}/deactivate`, {}], id, "gained");
  const everybody = await aPolicyOf({ permissions: ["view_invoice"] });
  expect(
    await send(admin, "POST", `${V1}/policies/${everybody}/activate?preview=true`, { number: 1 }),
  ).toMatchObject({
    status: 200,
    body: { foretold: { code: "confirmation_required", lost: ["view_invoice"] } },
  });
  expect(
    await send(admin, "POST", `${V1}/policies/${policyId}/activate?preview=true`, { number: 9 }),
  ).toMatchObject({ status: 422 });
});

test("a team's roles, members and place are changed after a preview of each (F87)", async () => {
  const { id } = await aUser({ roles: [] });
  const roleId = await aRole({ view_invoice: "all" });
  const [above, team] = [await aTeam({ roles: [roleId] }), await aTeam({ members: [id] })];
  const own = `/teams/${team}`;
  await foretells(["POST", `${own}/roles`, { roleId }], id, "gained");
  await foretells(["DELETE", `${own}/roles/${roleId}`], id, "lost");
  await foretells(["PATCH", own, { parentId: above }], id, "gained");
  await foretells(["DELETE", `${own}/members/${id}`], id, "lost");
  await foretells(["POST", `${own}/members`, { userId: id }], id, "gained");
  expect(await send(admin, "PATCH", `${V1}${own}?preview=true`, { name: "New" })).toMatchObject({
    status: 422,
    body: { errors: [{ path: "preview" }] },
  });
  await foretells(["DELETE", own], id, "lost");
});

test("a member is taken out, a request approved, and what it gave ended, after a preview of each (F99)", async () => {
  const { id } = await aUser({ roles: [] });
  const cookie = await aSession(id);
  const roleId = await aRole({ view_invoice: "all" });
  const wish = { roleId, reason: "Close the books", durationMinutes: 60 };
  const asked = await send(cookie, "POST", `${V1}/access-requests`, wish);
  const approval = `/access-requests/${asked.body.id}/approve`;
  expect(await send(admin, "POST", `${V1}${approval}?preview=true`, {})).toMatchObject({
    body: { waiting: [{ kind: "access-requests", touched: 1, over: 1, fewerAnswer: 0 }] },
  });
  await foretells(["POST", approval, {}], id, "gained");
  await foretells(["POST", `/access-requests/${asked.body.id}/end`], id, "lost");

  const member = await aUser({ roles: [] });
  await join(member.id, await anOrganization());
  const home = await defaultOrganizationId();
  await give(member.id, roleId, { organizationId: home });
  const path = `${V1}/organizations/${home}/members/${member.id}`;
  expect(await send(admin, "DELETE", `${path}?preview=true`)).toMatchObject({
    status: 200,
    body: { people: 1, losing: 1, named: [{ id: member.id }] },
  });
  expect(await mayView(member.id)).toBe(true);
  expect((await send(admin, "DELETE", path)).status).toBe(204);
  expect(await send(admin, "DELETE", `${path}?preview=true`)).toMatchObject({ status: 404 });
  const nobody = `${V1}/organizations/${home}/members/${newId()}?preview=true`;
  expect((await send(cookie, "DELETE", nobody)).status).toBe(403);
});
