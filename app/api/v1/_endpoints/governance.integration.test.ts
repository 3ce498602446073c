import { beforeAll, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { callApi } from "@/tests/support/call-api";
import { aRole, aUserHolding, give } from "@/tests/support/roles";
import { aForeignSession } from "@/tests/support/strangers";

// Requests for roles and conflicts of duties, as programs see them (F98, F99).

const REQUESTS = "/api/v1/access-requests";
const CONFLICTS = "/api/v1/duty-conflicts";

let admin = "";
let role = "";

beforeAll(async () => {
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  role = await aRole({ view_invoice: "all" });
});

const ask = async (cookie: string, roleId = role) =>
  send(cookie, "POST", REQUESTS, { roleId, reason: "Close the books", durationMinutes: 60 });

test("a request is made, seen by who asked and who answers, approved, and given back", async () => {
  const cookie = await aSession((await aUser({ roles: [] })).id);
  const { status, body } = await ask(cookie);
  expect(status).toBe(201);
  expect(await ask(cookie)).toMatchObject({ status: 409, body: { code: "already_asked" } });
  const own = await send(cookie, "GET", REQUESTS);
  expect(own.body.items).toMatchObject([{ id: body.id, state: "pending", durationMinutes: 60 }]);
  const waiting = await send(admin, "GET", `${REQUESTS}/pending`);
  expect(waiting.body.items.map(({ id }: { id: string }) => id)).toContain(body.id);
  expect(await send(cookie, "GET", `${REQUESTS}/pending`)).toMatchObject({ status: 403 });

  const foreign = await aForeignSession(["Admin"]);
  expect((await send(foreign, "POST", `${REQUESTS}/${body.id}/approve`)).status).toBe(404);
  const approved = await send(admin, "POST", `${REQUESTS}/${body.id}/approve`, { note: "Go" });
  expect(approved).toMatchObject({ status: 200, body: { until: expect.any(String) } });
  expect(await send(admin, "POST", `${REQUESTS}/${body.id}/deny`)).toMatchObject({
    status: 409,
    body: { code: "already_decided" },
  });
  expect((await send(cookie, "GET", "/api/v1/invoices")).status).toBe(200);
  expect((await send(cookie, "POST", `${REQUESTS}/${body.id}/withdraw`)).status).toBe(204);
  expect((await send(cookie, "GET", "/api/v1/invoices")).status).toBe(403);
  expect(await send(cookie, "POST", `${REQUESTS}/${body.id}/withdraw`)).toMatchObject({
    status: 409,
    body: { code: "not_in_force" },
  });
});

test("what does not fit is said by its field, and one's own request by its code", async () => {
  const person = await aUserHolding({ approve_access: "all", view_invoice: "all" });
  const cookie = await aSession(person.id);
  for (const [field, value] of [
    ["durationMinutes", 14],
    ["durationMinutes", 43_201],
    ["reason", "x"],
  ] as const) {
    const answer = await send(cookie, "POST", REQUESTS, {
      roleId: role,
      reason: "Close the books",
      durationMinutes: 60,
      [field]: value,
    });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: field }] } });
  }
  const { body } = await ask(cookie);
  expect(await send(cookie, "POST", `${REQUESTS}/${body.id}/approve`)).toMatchObject({
    status: 403,
    body: { code: "own_request", decisionId: expect.any(String) },
  });
});

test("breaking the glass asks for a second factor (RFC 9470)", async () => {
  const cookie = await aSession((await aUserHolding({ use_break_glass: "all" })).id);
  await prisma().role.update({ where: { id: role }, data: { emergency: true } });
  const body = { roleId: role, reason: "It burns", durationMinutes: 15 };
  const answer = await send(cookie, "POST", `${REQUESTS}/break-glass`, body);
  expect(answer).toMatchObject({ status: 401, body: { code: "insufficient_user_authentication" } });
  expect(answer.headers["www-authenticate"]).toContain('acr_values="urn:gatehouse:aal2"');
});

test("a conflict is made, reported, also as CSV that no spreadsheet computes, and refuses by its code", async () => {
  const left = await aRole({ create_invoice: "all" }, "=HYPERLINK(1)");
  const right = await aRole({ delete_invoice: "all" });
  const both = await aUser({ roles: [] });
  for (const id of [left, right]) await give(both.id, id);
  const input = { name: "Write, delete", left: ["create_invoice"], right: ["delete_invoice"] };
  const made = await send(admin, "POST", CONFLICTS, input);
  expect(made).toMatchObject({ status: 201, body: { version: 1, everywhere: false } });
  expect(await send(admin, "POST", CONFLICTS, input)).toMatchObject({
    status: 409,
    body: { code: "name_taken" },
  });
  const overlap = { ...input, name: "Overlap", right: ["create_invoice"] };
  expect((await send(admin, "POST", CONFLICTS, overlap)).status).toBe(422);

  const { body } = await send(admin, "GET", `${CONFLICTS}/violations?limit=100`);
  const mine = body.items.find(({ holderId }: { holderId: string }) => holderId === both.id);
  expect(mine).toMatchObject({ name: both.email, waivedUntil: null });
  const csv = await callApi({
    method: "GET",
    path: `${CONFLICTS}/violations?format=csv`,
    cookie: admin,
  });
  expect(csv.headers).toMatchObject({
    "content-type": "text/csv; charset=utf-8",
    "content-disposition": 'attachment; filename="violations.csv"',
  });
  expect(csv.body).toContain(`"Write, delete","user","${both.email}"`);
  expect(csv.body).toContain(`"'=HYPERLINK(1)"`);
  const foreign = await aForeignSession(["Admin"]);
  expect((await send(foreign, "GET", `${CONFLICTS}/violations`)).body.items).toEqual([]);

  const half = await aUser({ roles: [] });
  await give(half.id, left);
  const refused = await send(admin, "PUT", `/api/v1/users/${half.id}/roles`, {
    roleIds: [left, right],
  });
  expect(refused).toMatchObject({ status: 409, body: { code: "duty_conflict" } });
  expect(refused.body.detail).toContain(half.email);
  const waiver = { userId: half.id, reason: "For now", days: 7 };
  const waived = await send(admin, "POST", `${CONFLICTS}/${made.body.id}/waivers`, waiver);
  expect(waived.status).toBe(200);
  const [listed] = (await send(admin, "GET", "/api/v1/duty-waivers")).body.items;
  expect(listed).toMatchObject({ userId: half.id, conflictId: made.body.id });
  expect((await send(admin, "DELETE", `/api/v1/duty-waivers/${listed.id}`)).status).toBe(204);

  const stale = { "if-match": '"7"' };
  const path = `${CONFLICTS}/${made.body.id}`;
  expect((await send(admin, "PUT", path, input, stale)).status).toBe(412);
  const changed = await send(admin, "PUT", path, { ...input, name: "Other" });
  expect(changed).toMatchObject({ status: 200, body: { name: "Other", version: 2 } });
  expect((await send(admin, "DELETE", path)).status).toBe(204);
  expect((await send(admin, "DELETE", path)).status).toBe(404);
});
