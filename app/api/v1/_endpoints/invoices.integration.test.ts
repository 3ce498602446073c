import { beforeAll, expect, test } from "vitest";
import { answerApiRequest } from "@/app/api/dispatch";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { aRequest, aSession, aUser } from "@/tests/support/builders";
import { A_NEW_INVOICE } from "@/tests/support/invoices";
import { aForeignSession } from "@/tests/support/strangers";

const PATH = "/api/v1/invoices";
let manager: string;
let user: string;

beforeAll(async () => {
  manager = await aSession((await aUser({ roles: ["Manager"] })).id);
  user = await aSession((await aUser()).id);
});

interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  // oxlint-disable-next-line typescript/no-explicit-any -- an outside client knows no type of ours
  body: any;
}

/** Sends what a browser page of ours would send: cookie and own origin. */
async function send(
  method: string,
  target: string,
  {
    cookie = manager,
    body,
    ...headers
  }: { cookie?: string | null; body?: unknown; [header: string]: unknown } = {},
): Promise<Answer> {
  const url = new URL(target, getConfig().origin);
  const all: Record<string, unknown> = { origin: url.origin, ...headers };
  if (body !== undefined) all["content-type"] ??= "application/json";
  const reply = await answerApiRequest({
    method,
    path: url.pathname,
    query: url.searchParams,
    facts: aRequest(),
    target: null,
    headerNames: () => [],
    header: (name) => (all[name] as string | undefined) ?? null,
    cookie: (name) => (name === "gatehouse_session" ? (cookie ?? undefined) : undefined),
    text: async () => (typeof body === "string" ? body : JSON.stringify(body)),
  });
  return { ...reply, body: reply.body === null ? null : JSON.parse(reply.body) };
}

const create = async () => (await send("POST", PATH, { body: A_NEW_INVOICE })).body;

test("a new invoice is answered with 201, its address and its version", async () => {
  const { status, headers, body } = await send("POST", PATH, { body: A_NEW_INVOICE });
  expect(status).toBe(201);
  expect(headers).toMatchObject({ location: `${PATH}/${body.id}`, etag: '"1"' });
  expect(body).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{14}7/),
    number: expect.stringMatching(/^INV-\d{4}-\d{4}$/),
    ...A_NEW_INVOICE,
    status: "draft",
    ownerId: expect.any(String),
    createdAt: expect.stringMatching(/Z$/),
    updatedAt: expect.stringMatching(/Z$/),
    version: 1,
  });
  const found = await send("GET", String(headers.location));
  expect(found).toMatchObject({ status: 200, headers: { etag: '"1"' }, body });
});

test.each([
  ["nothing", {}, ["customer", "amount", "currency"]],
  ["no customer", { ...A_NEW_INVOICE, customer: "  " }, ["customer"]],
  ["two lines", { ...A_NEW_INVOICE, customer: "a\nb" }, ["customer"]],
  ["201 characters", { ...A_NEW_INVOICE, customer: "a".repeat(201) }, ["customer"]],
  ["half a character", { ...A_NEW_INVOICE, customer: "\ud800" }, ["customer"]],
  ["a fraction", { ...A_NEW_INVOICE, amount: 1.5 }, ["amount"]],
  ["a negative amount", { ...A_NEW_INVOICE, amount: -1 }, ["amount"]],
  ["too much", { ...A_NEW_INVOICE, amount: 1e12 + 1 }, ["amount"]],
  ["an amount in text", { ...A_NEW_INVOICE, amount: "1" }, ["amount"]],
  ["small letters", { ...A_NEW_INVOICE, currency: "eur" }, ["currency"]],
  ["no currency", { ...A_NEW_INVOICE, currency: "QQQ" }, ["currency"]],
  ["an operator", { ...A_NEW_INVOICE, customer: { contains: "" } }, ["customer"]],
  ["somebody else as owner", { ...A_NEW_INVOICE, ownerId: newId() }, [""]],
  ["a status", { ...A_NEW_INVOICE, status: "paid" }, [""]],
])("%s makes no invoice", async (_name, input, paths) => {
  const { status, body } = await send("POST", PATH, { body: input });
  expect(status).toBe(422);
  expect(body).toMatchObject({ code: "validation_failed" });
  expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
});

test("a change at the version that was read is made; a second one is answered 412", async () => {
  const { id } = await create();
  const body = { customer: "Changed", status: "sent" };
  const first = await send("PATCH", `${PATH}/${id}`, { body, "if-match": '"1"' });
  expect(first).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { ...body, version: 2 },
  });
  const second = await send("PATCH", `${PATH}/${id}`, { body: { amount: 1 }, "if-match": '"1"' });
  expect(second).toMatchObject({
    status: 412,
    headers: { etag: '"2"' },
    body: { code: "stale_version" },
  });
  expect((await send("GET", `${PATH}/${id}`)).body).toMatchObject({ ...body, version: 2 });
  expect((await send("DELETE", `${PATH}/${id}`, { "if-match": '"1"' })).status).toBe(412);
});

test("without If-Match the last writer wins", async () => {
  const { id } = await create();
  for (const amount of [1, 2]) {
    expect((await send("PATCH", `${PATH}/${id}`, { body: { amount } })).status).toBe(200);
  }
  expect((await send("GET", `${PATH}/${id}`)).body).toMatchObject({ amount: 2, version: 3 });
});

test.each([
  {},
  { ownerId: newId() },
  { organizationId: newId() },
  { version: 9 },
  { status: "gone" },
])("%j changes nothing", async (change) => {
  const { id } = await create();
  expect((await send("PATCH", `${PATH}/${id}`, { body: change })).status).toBe(422);
  expect((await send("GET", `${PATH}/${id}`)).body).toMatchObject({ version: 1 });
});

test("a deleted invoice is gone, and can be restored", async () => {
  const { id } = await create();
  expect(await send("DELETE", `${PATH}/${id}`, { "if-match": '"1"' })).toMatchObject({
    status: 204,
    body: null,
  });
  expect((await send("GET", `${PATH}/${id}`)).status).toBe(404);
  expect((await send("DELETE", `${PATH}/${id}`)).status).toBe(404);
  expect(await send("POST", `${PATH}/${id}/restore`)).toMatchObject({ status: 200, body: { id } });
  expect((await send("GET", `${PATH}/${id}`)).status).toBe(200);
});

test("lists are paged by cursor in both directions", async () => {
  const cookie = await aForeignSession(["Manager"]);
  for (const amount of [1, 2, 3]) {
    await send("POST", PATH, { cookie, body: { ...A_NEW_INVOICE, amount } });
  }
  const amounts = ({ body }: Answer) => body.items.map((item: { amount: number }) => item.amount);
  const first = await send("GET", `${PATH}?limit=2&sort=-amount`, { cookie });
  expect(amounts(first)).toEqual([3, 2]);
  expect(first.body.previousCursor).toBeNull();
  const next = `${PATH}?limit=2&sort=-amount&cursor=${first.body.nextCursor}`;
  const second = await send("GET", next, { cookie });
  expect(amounts(second)).toEqual([1]);
  expect(second.body.nextCursor).toBeNull();
  const back = `${PATH}?limit=2&sort=-amount&cursor=${second.body.previousCursor}`;
  expect(amounts(await send("GET", back, { cookie }))).toEqual([3, 2]);
});

test("search and status narrow the list", async () => {
  const cookie = await aForeignSession(["Manager"]);
  const wanted = await send("POST", PATH, {
    cookie,
    body: { ...A_NEW_INVOICE, customer: "Müller" },
  });
  await send("POST", PATH, { cookie, body: A_NEW_INVOICE });
  await send("PATCH", `${PATH}/${wanted.body.id}`, { cookie, body: { status: "sent" } });
  const { body } = await send("GET", `${PATH}?q=muller&status=sent`, { cookie });
  expect(body.items).toMatchObject([{ customer: "Müller", status: "sent" }]);
  expect((await send("GET", `${PATH}?q=muller&status=paid`, { cookie })).body.items).toEqual([]);
});

test.each([
  "limit=0",
  "limit=101",
  "limit=x",
  "limit=1.5",
  "limit=1&limit=2",
  "cursor=x",
  "sort=owner",
  "status=lost",
  "q=%00",
  "organizationId=1",
  "status[not]=paid",
])("the query %s is refused", async (query) => {
  const { status, body } = await send("GET", `${PATH}?${query}`);
  expect(status).toBe(422);
  expect(body.errors).toHaveLength(1);
});

const writes = (id: string) =>
  [
    ["POST", PATH, A_NEW_INVOICE],
    ["PATCH", `${PATH}/${id}`, { amount: 1 }],
    ["DELETE", `${PATH}/${id}`, undefined],
    ["POST", `${PATH}/${id}/restore`, undefined],
  ] as const;

test("nobody gets anywhere without a session", async () => {
  const { id } = await create();
  for (const [method, path, body] of [
    ...writes(id),
    ["GET", PATH],
    ["GET", `${PATH}/${id}`],
  ] as const) {
    const answer = await send(method, path, { cookie: null, body });
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer resource_metadata=/);
  }
});

test("the role User reads, and each refusal names a decision", async () => {
  const { id } = await create();
  for (const [method, path, body] of writes(id)) {
    const answer = await send(method, path, { cookie: user, body });
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: "forbidden", decisionId: expect.any(String) });
  }
  expect((await send("GET", `${PATH}/${id}`, { cookie: user })).status).toBe(404);
  expect(await send("GET", PATH, { cookie: user })).toMatchObject({
    status: 200,
    body: { items: [] },
  });
});

test("another organization's invoice does not exist (ATK-43)", async () => {
  const { id } = await create();
  const cookie = await aForeignSession(["Admin"]);
  for (const [method, path, body] of writes(id).slice(1)) {
    expect((await send(method, path, { cookie, body })).status).toBe(404);
  }
  expect((await send("GET", `${PATH}/${id}`, { cookie })).status).toBe(404);
  expect((await send("GET", `${PATH}/${id}`)).body).toMatchObject({ version: 1 });
});

test("an id that is none is answered like one that does not exist", async () => {
  for (const id of ["1", "null", "%00", newId()]) {
    expect((await send("GET", `${PATH}/${id}`)).status).toBe(404);
  }
});

test("a page of another site cannot write, whatever cookie it carries (ATK-03)", async () => {
  for (const origin of ["https://evil.example", "null", null]) {
    const answer = await send("POST", PATH, { body: A_NEW_INVOICE, origin: origin ?? undefined });
    expect(answer).toMatchObject({ status: 403, body: { code: "foreign_origin" } });
  }
});
