import { expect, test } from "../../e2e/support/fixtures";
import { type HttpAnswer, send } from "../../e2e/support/http";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { actAs } from "../inventory/actors";
import { makeSubjects, type Subjects } from "../inventory/subjects";
import { ENDPOINT_SURFACES, PAGES } from "../inventory/surfaces";

const RSC = { rsc: "1", accept: "text/x-component" };

/** One directive of a policy. */
const directive = (policy: string, name: string): string | undefined =>
  policy.split("; ").find((part) => part.startsWith(`${name} `));

function expectPageHeaders(answer: HttpAnswer, told: string): string {
  const policy = String(answer.headers["content-security-policy"]);
  expect(policy, told).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
  expect(directive(policy, "default-src"), told).toBe("default-src 'self'");
  expect(directive(policy, "frame-ancestors"), told).toBe("frame-ancestors 'none'");
  expect(directive(policy, "base-uri"), told).toBe("base-uri 'none'");
  expect(directive(policy, "object-src"), told).toBe("object-src 'none'");
  expect(directive(policy, "form-action"), told).toBe("form-action 'self'");
  expect(answer.headers["strict-transport-security"], told).toMatch(/max-age=[1-9]\d{7}/);
  expect(answer.headers["x-content-type-options"], told).toBe("nosniff");
  expect(answer.headers["x-frame-options"], told).toBe("DENY");
  expect(answer.headers["referrer-policy"], told).toMatch(/^(same-origin|no-referrer)$/);
  expect(answer.headers["x-powered-by"], told).toBeUndefined();
  expect(answer.headers["access-control-allow-origin"], told).toBeUndefined();
  return directive(policy, "script-src") ?? "";
}

const addressOf = (route: string, subjects: Subjects): string =>
  PAGES[route]?.path?.(subjects) ?? route;

test("every page has a policy of its own nonce, and no way around it (F124)", async ({
  gatehouse,
}) => {
  const subjects = await makeSubjects(gatehouse.database);
  const nonces = new Set<string>();
  let pages = 0;
  for (const { cookie } of [
    await actAs(gatehouse.database, "anonymous", []),
    await actAs(gatehouse.database, "roleless", []),
    await actAs(gatehouse.database, "holder", ["view_users", "view_roles", "view_invoice"]),
  ]) {
    for (const path of [
      ...Object.keys(PAGES).map((route) => addressOf(route, subjects)),
      "/none",
      "/invoices/none",
    ]) {
      const answer = await send(gatehouse.url, { path, headers: cookie });
      if (answer.status === 307) continue;
      pages += 1;
      const scripts = expectPageHeaders(answer, `${path}: ${answer.status}`);
      const nonce = /'nonce-([^']+)'/.exec(scripts)?.[1] ?? "";
      expect(nonce.length).toBeGreaterThan(20);
      nonces.add(nonce);
      // Every script and style in the page bears the nonce; none is inline without it.
      const elements = answer.text.match(/<(script|style)\b[^>]*>/g) ?? [];
      for (const element of elements) expect(element, path).toContain(`nonce="${nonce}"`);
      expect(answer.text, path).not.toMatch(/<[^>]+\son\w+=|<[^>]+\sstyle="/);
    }
  }
  expect(nonces.size).toBe(pages);
});

test("a nonce that comes with the request is not used (ATK-04)", async ({ gatehouse }) => {
  const evil = `'nonce-evil"><script>alert(1)</script>'`;
  for (const name of [
    "content-security-policy",
    "content-security-policy-report-only",
    "x-nonce",
  ]) {
    const headers = { [name]: name === "x-nonce" ? evil.slice(7, -1) : `script-src ${evil}` };
    const answer = await send(gatehouse.url, { path: "/sign-in", headers });
    expect(answer.text).not.toContain("alert(1)");
    expect(String(answer.headers["content-security-policy"])).not.toContain("evil");
  }
});

test("no answer about somebody is kept by a cache (ATK-04)", async ({ gatehouse }) => {
  const subjects = await makeSubjects(gatehouse.database);
  const administrator = await actAs(gatehouse.database, "disabled", []);
  await gatehouse.database.query("UPDATE users SET status = 'active' WHERE id = $1", [
    administrator.userId,
  ]);
  const headers = administrator.cookie;
  for (const route of Object.keys(PAGES)) {
    const path = addressOf(route, subjects);
    for (const [kind, request] of [
      ["page", { path, headers }],
      [
        "RSC",
        {
          path: `${path}${path.includes("?") ? "&" : "?"}_rsc=abcde`,
          headers: { ...headers, ...RSC },
        },
      ],
      ["prefetch", { path, headers: { ...headers, ...RSC, "next-router-prefetch": "1" } }],
      ["style", { path: `${path.replace(/\/?(\?.*)?$/, "")}/x.css`, headers }],
      ["anonymous", { path }],
    ] as const) {
      const answer = await send(gatehouse.url, request);
      const told = `${kind} ${path}: ${answer.status}`;
      // Next sends a payload's address on to the one of its own making, which says nothing of
      // anybody; no cache keeps a 307 that does not ask for it (RFC 9111 §4.2.2).
      if (answer.status === 307 && /[?&]_rsc(=[\w-]+)?$/.test(answer.headers.location ?? ""))
        continue;
      expect(String(answer.headers["cache-control"]), told).toMatch(/no-store/);
      expect(answer.headers["cache-control"], told).not.toMatch(/public|s-maxage|immutable/);
    }
  }
  for (const name of Object.keys(ENDPOINT_SURFACES)) {
    const [method = "", path = ""] = name.split(" ");
    if (method !== "GET" || path.includes("{") || path.endsWith("openapi.json")) continue;
    for (const own of [headers, {}]) {
      const answer = await send(gatehouse.url, { path, headers: own });
      expect(answer.headers["cache-control"], name).toBe("private, no-store");
      expect(answer.headers["content-security-policy"], name).toContain("default-src 'none'");
      expect(answer.headers["x-content-type-options"], name).toBe("nosniff");
    }
  }
  const action = findServerAction("app/(account)/account/actions.ts#updateProfileAction");
  const answer = await callServerAction(gatehouse.url, {
    action,
    path: "/account/profile",
    fields: { name: "Somebody" },
    headers: { ...headers, origin: gatehouse.url },
  });
  expect(answer.headers["cache-control"]).toMatch(/no-store/);
});

test("another site reads nothing (ATK-68)", async ({ gatehouse }) => {
  const { cookie } = await actAs(gatehouse.database, "roleless", []);
  for (const path of ["/", "/account/profile", "/api/v1/me", "/api/health/ready"]) {
    for (const origin of [
      "null",
      "http://evil.example",
      gatehouse.url.replace("http:", "https:"),
    ]) {
      for (const method of ["GET", "OPTIONS"]) {
        const answer = await send(gatehouse.url, {
          path,
          method,
          headers: { ...cookie, origin, "access-control-request-method": "GET" },
        });
        const told = `${method} ${path} for ${origin}`;
        expect(answer.headers["access-control-allow-origin"], told).toBeUndefined();
        expect(answer.headers["access-control-allow-credentials"], told).toBeUndefined();
      }
    }
  }
});

test("no page can be framed, in a real browser (ATK-69)", async ({ gatehouse, browser }) => {
  const page = await browser.newPage();
  await page.route("http://evil.example/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<iframe src="${gatehouse.url}/sign-in" title="Framed"></iframe>`,
    }),
  );
  await page.goto("http://evil.example/");
  const frame = page.frameLocator("iframe");
  await page.waitForLoadState("networkidle");
  await expect(frame.getByRole("button", { name: "Sign in" })).toHaveCount(0);
  await page.close();
});
