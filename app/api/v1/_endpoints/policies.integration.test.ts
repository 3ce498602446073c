import { beforeAll, expect, test } from "vitest";
import { COMMANDS } from "@/app/_cli/commands";
import { prisma } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import { send } from "@/tests/support/api";
import { aSession, aUser } from "@/tests/support/builders";
import { aPolicyOf } from "@/tests/support/policies";
import { aUserHolding } from "@/tests/support/roles";

const PATH = "/api/v1/policies";
let admin: string;
let personId: string;

beforeAll(async () => {
  admin = await aSession((await aUser({ roles: ["Admin"] })).id);
  personId = (await aUserHolding({ view_invoice: "all", view_policies: "all" })).id;
});

const invoicesOf = async () =>
  (await send(await aSession(personId), "GET", "/api/v1/invoices")).status;

test("a policy is written, put in force, rolled back, ended and deleted over HTTP (F92)", async () => {
  const condition = { kind: "user", ids: [personId] };
  const written = await send(admin, "POST", PATH, {
    name: `Over HTTP ${newId()}`,
    place: "instance",
    effect: "deny",
    permissions: ["view_invoice"],
    condition,
  });
  expect(written).toMatchObject({
    status: 201,
    headers: { etag: '"1"' },
    body: { place: "instance", activeNumber: null, shadowNumber: null, version: 1 },
  });
  const own = `${PATH}/${written.body.id}`;
  expect(written.headers["location"]).toBe(own);
  const saved = await send(
    admin,
    "POST",
    `${own}/versions`,
    { effect: "allow", permissions: ["view_invoice"], note: "Why" },
    { "if-match": '"1"' },
  );
  expect(saved).toMatchObject({ status: 201, body: { number: 2, version: 2 } });
  const stale = { "if-match": '"1"' };
  expect(await send(admin, "POST", `${own}/activate`, { number: 1 }, stale)).toMatchObject({
    status: 412,
    body: { code: "stale_version" },
  });
  expect(await invoicesOf()).toBe(200);
  expect(await send(admin, "POST", `${own}/activate`, { number: 1 })).toMatchObject({
    status: 200,
    body: { activeNumber: 1 },
  });
  expect(await invoicesOf()).toBe(403);
  expect(await send(admin, "POST", `${own}/shadow`, { number: 2 })).toMatchObject({
    body: { shadowNumber: 2 },
  });
  expect(await invoicesOf()).toBe(403);
  expect((await send(admin, "GET", own)).body.shadowCounts).toMatchObject([
    { number: 2, permission: "view_invoice", wouldAllow: 1, wouldDeny: 0 },
  ]);
  expect((await send(admin, "GET", `${own}/versions`)).body.items).toMatchObject([
    { number: 2, note: "Why", diff: [{ field: "effect", from: "deny", to: "allow" }, {}] },
    { number: 1, condition },
  ]);
  expect(await send(admin, "DELETE", own)).toMatchObject({
    status: 409,
    body: { code: "policy_in_force" },
  });
  expect((await send(admin, "POST", `${own}/activate`, { number: 2 })).status).toBe(200);
  expect(await invoicesOf()).toBe(200);
  expect((await send(admin, "POST", `${own}/deactivate`, {})).body.activeNumber).toBeNull();
  expect((await send(admin, "PATCH", own, { name: `Other ${newId()}` })).status).toBe(200);
  expect((await send(admin, "GET", PATH)).body.items).toMatchObject([{ id: written.body.id }]);
  expect((await send(admin, "DELETE", own)).status).toBe(204);
  expect((await send(admin, "GET", own)).status).toBe(404);
});

test("what does not fit is told by its field, and what its author would lose by its name", async () => {
  const write = (body: object) =>
    send(admin, "POST", PATH, { name: `X ${newId()}`, place: "instance", ...body });
  const deny = { effect: "deny", permissions: ["view_invoice"] };
  const paths = async (body: object) => {
    const answer = await write(body);
    expect(answer).toMatchObject({ status: 422, body: { code: "validation_failed" } });
    return answer.body.errors.map(({ path }: { path: string }) => path);
  };
  expect(await paths({ ...deny, permissions: ["manage_policies", "fly"] })).toEqual([
    "permissions",
    "permissions",
  ]);
  expect(await paths({ ...deny, fields: ["number"] })).toEqual(["fields"]);
  expect(await paths({ ...deny, condition: { kind: "moon" } })).toEqual(["condition"]);
  const field = { kind: "field", field: "colour", operator: "equals", value: "red" };
  expect(await paths({ ...deny, condition: field })).toEqual(["condition"]);
  const { body } = await write(deny);
  expect(await send(admin, "POST", `${PATH}/${body.id}/activate`, { number: 1 })).toMatchObject({
    status: 409,
    body: { code: "confirmation_required", detail: expect.stringContaining("view_invoice") },
  });
  const unknown = await send(admin, "POST", `${PATH}/${body.id}/activate`, { number: 9 });
  expect(unknown).toMatchObject({ status: 422, body: { errors: [{ path: "number" }] } });
  const again = await send(admin, "POST", `${PATH}/${body.id}/versions`, deny);
  expect(again).toMatchObject({ status: 409, body: { code: "version_unchanged" } });
});

test("the operator lists policies and takes one out of force that shuts everybody out", async () => {
  const run = (words: string, positionals: string[] = []) =>
    COMMANDS.find((command) => command.words.join(" ") === words)?.run(positionals, {});
  const id = await aPolicyOf({}, { stage: "active" });
  expect(await invoicesOf()).toBe(403);
  expect(await run("policy list")).toMatchObject({
    outcome: "done",
    text: expect.stringContaining(`${id}\tactive 1\t-\tdeny`),
  });
  expect(await run("policy deactivate", [id])).toMatchObject({ outcome: "done" });
  expect(await invoicesOf()).toBe(200);
  expect(await run("policy deactivate", [newId()])).toMatchObject({ code: "not_found" });
  expect(await run("policy deactivate", ["none"])).toMatchObject({ code: "not_found" });
  const event = await prisma().auditEvent.findFirstOrThrow({
    where: { targetId: id, action: "policy.deactivated" },
  });
  expect(event).toMatchObject({ actorType: "system", before: { number: 1 } });
});
