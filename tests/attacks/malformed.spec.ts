import { gzipSync } from "node:zlib";
import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { addPerson, openSession } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { sendRaw, statusOf } from "../support/raw-socket";

// ATK-12, ATK-58, ATK-59, ATK-61: what no browser sends. The answer is a
// refusal, never an error of ours, and the process goes on.

const SIGN_IN = "app/(auth)/actions.ts#signInAction";
const KIB = 1024;

test.afterEach(async ({ gatehouse }) => {
  const live = await send(gatehouse.url, { path: "/api/health/live" });
  expect(live.status).toBe(200);
  expect(gatehouse.output()).not.toContain("outside its handler");
});

const PATHS = ["/", "/sign-in", "/account/profile", "/api/v1/me", "/api/health/ready"];

const HEADERS: Record<string, Record<string, string>> = {
  "a bearer token that is a percent sign": { authorization: "Bearer %" },
  "a bearer token of nothing": { authorization: "Bearer" },
  "a scheme of nothing": { authorization: " " },
  "basic credentials that are none": { authorization: "Basic ????" },
  "a cookie that is a percent sign": { cookie: "%" },
  "a session that does not decode": { cookie: "gatehouse_session=%E0%A4%A" },
  "cookies of separators": { cookie: ";;;=;==;a=;=b" },
  "a cookie with the name of a prototype": { cookie: "__proto__=x; constructor=y; toString=z" },
  "a session that is JSON": { cookie: 'gatehouse_session={"$ne":""}' },
  "a theme of nobody's": { cookie: 'gatehouse_theme="><script>; gatehouse_flash=%7B' },
  "a flash that is no flash": { cookie: "gatehouse_flash=eyJldmVudCI6MX0" },
  "a forwarded address that is none": { "x-forwarded-for": "'; DROP TABLE users; --" },
  "a thousand forwarded addresses": { "x-forwarded-for": Array(1000).fill("::").join(",") },
  "a request id that is none": { "x-request-id": "../../etc/passwd" },
  "a language of nobody's": { "accept-language": "*;q=9999,\u00ff" },
  "an RSC tree that is none": { rsc: "1", "next-router-state-tree": "%5B" },
  "an RSC tree that does not decode": { rsc: "1", "next-router-state-tree": "%" },
  "an action of nobody's": { "next-action": "x" },
  "an if-match of nobody's": { "if-match": "%" },
  "a range of nobody's": { range: "bytes=-1-1" },
  "a content length of nothing with a type": { "content-type": "multipart/form-data" },
  "a user agent of 8 KiB": { "user-agent": "a".repeat(8 * KIB) },
};

for (const [name, headers] of Object.entries(HEADERS)) {
  test(`${name} is no error of ours`, async ({ gatehouse }) => {
    for (const path of PATHS) {
      const answer = await send(gatehouse.url, { path, headers });
      expect(answer.status, `${path}: ${answer.text.slice(0, 200)}`).toBeLessThan(500);
    }
  });
}

test("a malformed path is no error of ours", async ({ gatehouse }) => {
  for (const path of [
    "/%",
    "/%E0%A4%A",
    "/%00",
    "/sign-in?returnTo=%",
    "/sign-in?returnTo=%E0%A4%A",
    "/sign-in?returnTo[]=a&returnTo=b",
    "/sign-in?error=__proto__&notice=constructor",
    "/verify-email?token=%00&token=b",
    "/reset-password?token[]=a",
    "/setup?token=%F0%9F%98%80",
    "/invoices?cursor=%00",
    "/api/v1/%",
    "/api/v1/invoices/%E0%A4%A",
    "/api/v1/invoices/..%2f..%2fme",
    "/api/v1//me",
    "/api/v1/me?__proto__=1&constructor=2",
    "/api/auth/callback/google",
    "/api/auth/callback/google?code[]=1&state[]=2",
    `/api/auth/callback/google?code=x&state=${"a".repeat(4 * KIB)}`,
    "/api/auth/%",
    "/api/health/%",
    "/_next/%",
    "/_next/static/%2e%2e/%2e%2e/server/app-paths-manifest.json",
    "/_next/static/../server/app-paths-manifest.json",
    "/..%2f..%2f..%2fetc/passwd",
    "/.env.local",
    "/dist/server.mjs",
    `/${"a/".repeat(3 * KIB)}`,
  ]) {
    const answer = await send(gatehouse.url, { path });
    expect(answer.status, `${path}: ${answer.text.slice(0, 200)}`).toBeLessThan(500);
    expect(answer.text).not.toContain("root:x:0");
    expect(answer.text).not.toContain("AUTH_SECRET");
  }
});

test("a request that is not HTTP is answered with 400 or nothing", async ({ gatehouse }) => {
  const { host } = new URL(gatehouse.url);
  const end = "\r\nConnection: close\r\n\r\n";
  for (const [bytes, statuses] of [
    ["\r\n\r\n\r\n", [0, 400]],
    ["GET\r\n\r\n", [400]],
    [`GET / HTTP/9.9\r\nHost: ${host}${end}`, [400, 505]],
    [`GET / HTTP/1.1${end}`, [400]],
    [`GET / HTTP/1.1\r\nHost: ${host}\r\nHost: evil.example${end}`, [400]],
    [`GET http://evil.example/ HTTP/1.1\r\nHost: ${host}${end}`, [400]],
    [`OPTIONS * HTTP/1.1\r\nHost: ${host}${end}`, [400]],
    [`CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example${end}`, [0, 400]],
    [`GET / HTTP/1.1\r\nHost: ${host}\r\nX: a\nb${end}`, [400]],
    [`GET / HTTP/1.1\r\nHost: ${host}\r\nCookie: ${"a".repeat(64 * KIB)}${end}`, [431]],
    [
      `POST /api/v1/auth/register HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked${end}0\r\n\r\n`,
      [400],
    ],
    [
      `POST /api/v1/auth/register HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked${end}zz\r\n`,
      [400],
    ],
    [`POST /api/v1/auth/register HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1${end}`, [400]],
  ] as const) {
    const status = statusOf(await sendRaw(gatehouse.url, bytes));
    expect(statuses, `${JSON.stringify(bytes.slice(0, 60))}: ${status}`).toContain(status);
  }
});

const register = (body: string | Buffer, headers: Record<string, string> = {}) => ({
  method: "POST",
  path: "/api/v1/auth/register",
  headers: { "content-type": "application/json", ...headers },
  body,
});

test("a body above 64 KiB is refused, and the password in it is not hashed (ATK-59)", async ({
  gatehouse,
}) => {
  const password = "x".repeat(1024 * KIB);
  const body = JSON.stringify({ email: "a@example.com", password });
  const answer = await send(gatehouse.url, register(body));
  expect(answer.status).toBe(413);
  expect(answer.json()["code"]).toBe("body_too_large");

  const chunked = await sendRaw(
    gatehouse.url,
    `POST /api/v1/auth/register HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${"fffff\r\n".concat("x".repeat(0xfffff), "\r\n").repeat(2)}`,
  );
  expect(statusOf(chunked)).toBe(413);

  const action = findServerAction(SIGN_IN);
  const large = await callServerAction(gatehouse.url, {
    action,
    fields: { email: "a@example.com", password },
    headers: { origin: gatehouse.url },
  });
  expect(large.status).toBeGreaterThanOrEqual(400);
  expect(large.status).toBeLessThan(500);
});

test("only where files are sent may a body be larger, and only as large as they may be (ATK-61)", async ({
  gatehouse,
}) => {
  // Refused by what it announces: nothing of it is sent.
  const statusFor = async (path: string, bytes: number) =>
    statusOf(
      await sendRaw(
        gatehouse.url,
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`,
      ),
    );
  for (const [path, bytesMax] of [
    ["/sign-in", 64 * KIB],
    ["/account/profile", (2 * 1024 + 64) * KIB],
    ["/account/profile?x=1", (2 * 1024 + 64) * KIB],
    ["/account/profile/", 64 * KIB],
    ["/account//profile", 64 * KIB],
    ["/admin/users/import", 4 * 1024 * KIB],
  ] as const) {
    expect(await statusFor(path, bytesMax + 1), path).toBe(413);
  }
});

test("a password that is too long is refused before it is hashed", async ({ gatehouse }) => {
  const password = "x".repeat(60 * KIB);
  const answer = await send(
    gatehouse.url,
    register(JSON.stringify({ email: "a@example.com", password })),
  );
  expect(answer.status).toBe(422);
});

test("what is not JSON is told apart from what does not fit", async ({ gatehouse }) => {
  const cases: [body: string | Buffer, headers: Record<string, string>, status: number][] = [
    ["{", {}, 400],
    ["", {}, 400],
    ["\ufeff{}", {}, 400],
    ["{'a': 1}", {}, 400],
    ["NaN", {}, 400],
    [Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), {}, 400],
    ["{}", { "content-type": "text/plain" }, 415],
    ["{}", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["{}", { "content-type": "application/json-patch+json" }, 415],
    ["{}", { "content-type": "" }, 415],
    ["{}", { "content-type": "application/json; charset=utf-8" }, 422],
    ["[]", {}, 422],
    ["null", {}, 422],
    ["1", {}, 422],
    ['"text"', {}, 422],
    ['{"email":["a@example.com"],"password":"violet teapot"}', {}, 422],
    ['{"email":{"not":""},"password":"violet teapot"}', {}, 422],
    ['{"email":"a@example.com","password":"violet teapot","admin":true}', {}, 422],
    ['{"__proto__":{"admin":true},"email":"a@example.com","password":"violet teapot"}', {}, 422],
    ['{"constructor":{"prototype":{"admin":true}}}', {}, 422],
    [`${"[".repeat(20_000)}${"]".repeat(20_000)}`, {}, 422],
    [`${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`, {}, 422],
    [`{"email":${"9".repeat(50_000)}}`, {}, 422],
    ['{"email":"\\ud800@example.com","password":"\\u0000\\u0000\\u0000\\u0000"}', {}, 422],
  ];
  for (const [body, headers, status] of cases) {
    const answer = await send(gatehouse.url, register(body, headers));
    const told = `${body.toString("utf8").slice(0, 60)} as ${JSON.stringify(headers)}`;
    expect(answer.status, told).toBe(status);
    expect(answer.headers["content-type"], told).toBe("application/problem+json");
  }
});

test("a compressed body is not unpacked", async ({ gatehouse }) => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * KIB, "{"));
  const answer = await send(gatehouse.url, register(bomb, { "content-encoding": "gzip" }));
  expect([400, 415]).toContain(answer.status);
});

test("ten thousand parameters are read or refused, and quickly", async ({ gatehouse }) => {
  const query = Array.from({ length: 3_000 }, (_, index) => `a${index}=1`).join("&");
  const startedAt = Date.now();
  for (const path of [`/api/v1/invoices?${query}`, `/invoices?${query}`, `/sign-in?${query}`]) {
    const answer = await send(gatehouse.url, { path: path.slice(0, 15 * KIB) });
    expect(answer.status).toBeLessThan(500);
  }
  expect(Date.now() - startedAt).toBeLessThan(10_000);
});

test("payloads that a deserialiser could trip over do nothing (ATK-02)", async ({ gatehouse }) => {
  const action = findServerAction(SIGN_IN);
  for (const args of [
    ["$K1", "$K1"],
    ["$1", "$2"],
    ["$@0", "$@0"],
    ["$F1", "$h1"],
    ["$B1", "$o1"],
    ["$Q1", "$W1"],
    ["$1:__proto__:then", "$1:constructor:constructor"],
    ["$0:0:0:0", "$0"],
    JSON.parse('[{"then":"$1:then"},{"__proto__":{"admin":true}}]') as unknown[],
    ["$n9999999999999999999999999", "$D2000-99-99"],
    Array.from({ length: 1_000 }, () => "$0"),
    [null],
    [],
  ]) {
    const answer = await callServerAction(gatehouse.url, {
      action,
      args,
      headers: { origin: gatehouse.url },
    });
    const told = `${JSON.stringify(args).slice(0, 80)}: ${answer.status}`;
    // 500 is Next's own answer to what it cannot read; nothing of ours has run.
    expect([200, 400, 403, 404, 413, 422, 500], told).toContain(answer.status);
    expect(answer.headers["set-cookie"], told).toBeUndefined();
  }
});

test("a hundred cookies and a tossed one change nobody's session (ATK-67)", async ({
  gatehouse,
}) => {
  const mine = await addPerson(gatehouse.database);
  const theirs = await addPerson(gatehouse.database);
  const own = `gatehouse_session=${await openSession(gatehouse.database, mine.id)}`;
  const tossed = `gatehouse_session=${await openSession(gatehouse.database, theirs.id)}`;
  const many = Array.from({ length: 100 }, (_, index) => `c${index}=${"x".repeat(50)}`).join("; ");
  const asked = async (cookie: string) => {
    const me = await send(gatehouse.url, { path: "/api/v1/me", headers: { cookie } });
    const page = await send(gatehouse.url, { path: "/account/profile", headers: { cookie } });
    return { api: me.json()["email"], page: page.text.includes(mine.email) ? "mine" : "theirs" };
  };
  expect(await asked(`${many}; ${own}`)).toEqual({ api: mine.email, page: "mine" });
  // Whichever of two counts, it is the same one everywhere.
  for (const cookie of [`${own}; ${tossed}`, `${tossed}; ${own}`]) {
    const { api, page } = await asked(cookie);
    expect(page).toBe(api === mine.email ? "mine" : "theirs");
  }
});

test("no cookie of ours passes for another (ATK-14)", async ({ gatehouse, clientAddress }) => {
  const person = await addPerson(gatehouse.database);
  const action = findServerAction(SIGN_IN);
  const signedIn = await callServerAction(gatehouse.url, {
    action,
    fields: { email: person.email, password: person.password },
    headers: { origin: gatehouse.url, "x-forwarded-for": clientAddress },
  });
  const jar = new Map(
    (signedIn.headers["set-cookie"] ?? []).map((line) => {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      return [name, value];
    }),
  );
  expect(jar.get("gatehouse_session")).toMatch(/^[\w-]{43}$/);
  for (const [name, value] of jar) {
    if (name === "gatehouse_session") continue;
    const headers = { cookie: `gatehouse_session=${value}` };
    const me = await send(gatehouse.url, { path: "/api/v1/me", headers });
    expect(me.status, name).toBe(401);
  }
  const session = String(jar.get("gatehouse_session"));
  for (const path of ["/verify-email", "/reset-password", "/setup"]) {
    const page = await send(gatehouse.url, { path: `${path}?token=${session}` });
    expect(page.text, path).toMatch(/This link does not work|The link is needed/);
  }
});
