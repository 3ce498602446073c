import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseRule, findClashes, orderRules } from "@/lib/gateway/choose-rule";
import { GatewayRule } from "@/lib/gateway/gateway-rule.schema";
import {
  type OriginalRequest,
  overridesMethod,
  readOriginal,
} from "@/lib/gateway/original-request";

const HOST = "app.example";
const aRule = (name: string, path: string, more: object = {}) =>
  GatewayRule.parse({ name, host: HOST, path, audience: "app", access: "signed-in", ...more });

const RULES = [
  aRule("all", "/**", { access: "anonymous" }),
  aRule("admin", "/admin/**", { methods: ["GET"] }),
  aRule("admin-open", "/admin/status", { access: "anonymous" }),
  aRule("any-edit", "/*/edit"),
  aRule("books", "/books/*"),
  aRule("new-book", "/books/new", { methods: ["POST"] }),
];
const book = orderRules(RULES);

const read = (uri: string, method = "GET") =>
  readOriginal({ method, scheme: "https", host: HOST, uri });

function ruleOf(uri: string, method = "GET"): string {
  const original = read(uri, method);
  if (typeof original === "string") return original;
  const choice = chooseRule(book, original);
  return choice.outcome === "chosen" ? choice.rule.name : `no ${choice.reason}`;
}

test.each([
  ["/", "GET", "all"],
  ["/anything/at/all", "GET", "all"],
  ["/admin", "GET", "admin"],
  ["/admin/", "GET", "admin"],
  ["/admin/a/b", "HEAD", "admin"],
  // The stronger pattern has no such method: the weaker one does not take its place.
  ["/admin/a/b", "POST", "no method"],
  ["/admin/status", "POST", "admin-open"],
  ["/books/edit", "GET", "books"],
  ["/other/edit", "GET", "any-edit"],
  ["/books/new", "GET", "no method"],
  ["/books/new", "POST", "new-book"],
  ["/Admin/a", "GET", "no case"],
  ["/books/NEW", "POST", "no case"],
  ["/books/caf%C3%A9?q=%2F..;", "GET", "books"],
])("%s by %s meets the rule that says most of it: %s (F126)", (uri, method, rule) => {
  expect(ruleOf(uri, method)).toBe(rule);
});

test("a host that no rule names has no rule", () => {
  const original = { ...(read("/") as OriginalRequest), host: "other.example" };
  expect(chooseRule(book, original)).toEqual({ outcome: "none", reason: "host" });
});

test.each([
  "",
  "admin",
  "//admin",
  "/a//admin",
  "/a/../admin",
  "/a/./admin",
  "/a/%2e%2e/admin",
  "/a/.%2E/admin",
  "/a%2fadmin",
  "/a%5cadmin",
  "/a\\admin",
  "/%61dmin",
  "/a%252fadmin",
  "/admin%00",
  "/admin%0a",
  "/admin;x=1",
  "/admin%3bx",
  "/admin%23",
  "/admin%3f",
  "/admin#x",
  "/admin%",
  "/admin%zz",
  "/admin%c0%af",
  "/a%ef%bc%8fadmin",
  "/%ef%bd%81dmin",
  "/%e2%80%a4%e2%80%a4/admin",
  "/admin x",
  "/admín",
  "/admin?a b",
  `/${"a".repeat(8_000)}`,
  "https://app.example/admin",
])("%j can be read in more than one way, and is answered by nobody", (uri) => {
  expect(read(uri)).toBe("path");
});

test.each([
  [{ method: "TRACE" }, "method"],
  [{ method: "get" }, "method"],
  [{ method: null }, "method"],
  [{ method: "GET, POST" }, "method"],
  [{ scheme: "https, http" }, "scheme"],
  [{ scheme: null }, "scheme"],
  [{ host: null }, "host"],
  [{ host: "app.example, evil.example" }, "host"],
  [{ host: "app.example." }, "host"],
  [{ host: "user@app.example" }, "host"],
  [{ host: "app.example:x" }, "host"],
  [{ host: "app.example:0443" }, "host"],
  [{ host: "" }, "host"],
])("claims such as %j are none", (claims, refused) => {
  const fit = { method: "GET", scheme: "https", host: HOST, uri: "/" };
  expect(readOriginal({ ...fit, ...claims })).toBe(refused);
});

test.each([
  ["app.example:443", HOST],
  ["APP.example", HOST],
  ["app.example:8443", "app.example:8443"],
  ["[2001:db8::1]:8443", "[2001:db8::1]:8443"],
])("the host %s is %s", (host, own) => {
  expect(readOriginal({ method: "GET", scheme: "https", host, uri: "/" })).toMatchObject({
    host: own,
  });
});

test.each([
  ["", ["X-HTTP-Method-Override"]],
  ["", ["x_http_method"]],
  ["?a=1&_method=DELETE", []],
  ["?%5fmethod=DELETE", []],
])("a request with %s and %j asks for another method", (query, names) => {
  expect(overridesMethod(query, names)).toBe(true);
});

test.each([
  [[aRule("a", "/x"), aRule("b", "/x/")], "a and b are for the same requests"],
  [[aRule("a", "/x"), aRule("b", "/X", { methods: ["GET"] })], "a and b are for the same requests"],
  [[aRule("a", "/x"), aRule("a", "/y")], "two rules are called a"],
  [
    [aRule("a", "/x", { methods: ["GET"] }), aRule("b", "/X", { methods: ["POST"] })],
    "a and b write one path in two ways",
  ],
])("rules of which nothing tells which counts are found: %#", (rules, clash) => {
  expect(findClashes(rules)).toEqual([clash]);
  expect(findClashes(RULES)).toEqual([]);
});

/** What servers behind a proxy make of a path, each in its own way. */
const SERVERS: Record<string, (path: string) => string> = {
  "as it is": (path) => path,
  decoded: decode,
  "decoded twice": (path) => decode(decode(path)),
  "resolved, then decoded": (path) => decode(resolve(path)),
  "decoded, then resolved": (path) => resolve(decode(path)),
  "slashes merged": (path) => path.replaceAll(/\/+/g, "/"),
  "decoded, slashes merged, resolved": (path) => resolve(decode(path).replaceAll(/\/+/g, "/")),
  "backslashes turned": (path) => resolve(decode(path).replaceAll("\\", "/")),
  "parameters cut": (path) => resolve(decode(path.replaceAll(/;[^/]*/g, ""))),
  "parameters cut once decoded": (path) => resolve(decode(path).replaceAll(/;[^/]*/g, "")),
  "case ignored": (path) => decode(path).toLowerCase(),
  "width and case ignored": (path) => resolve(decode(path).normalize("NFKC").toLowerCase()),
  "cut at zero": (path) => decode(path).split("\0", 1)[0] ?? "",
  "without the slash at the end": (path) => path.replace(/\/+$/, ""),
};

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function resolve(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/").slice(1)) {
    if (part === "..") kept.pop();
    else if (part !== ".") kept.push(part);
  }
  return `/${kept.join("/")}`;
}

const PIECES = [
  ..."admin books new edit status x ADMIN Admin . .. %2e %2E%2e %2f %5c %61dmin %00 %3b ; ;a=b % %25 %252f".split(
    " ",
  ),
  ..."caf%C3%A9 %C3%A9 %ef%bc%8f %ef%bd%81dmin %e2%84%aa %c0%af @ : + , = ! %20 \\ %E2%80%A4".split(
    " ",
  ),
];
const path = fc
  .array(fc.oneof(fc.constant("/"), fc.constant("/"), fc.constantFrom(...PIECES)), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => `/${parts.join("")}`);

test("whatever is admitted meets the same rule in whichever way a server reads it, over 50,000 paths (F125)", () => {
  let admitted = 0;
  fc.assert(
    fc.property(path, (uri) => {
      const original = read(uri);
      if (typeof original === "string") return;
      const choice = chooseRule(book, original);
      if (choice.outcome === "none") return;
      admitted += 1;
      for (const [server, serve] of Object.entries(SERVERS)) {
        const served = chooseRule(book, { ...original, path: encodeURI(serve(original.path)) });
        const rule = served.outcome === "chosen" ? served.rule.name : served.reason;
        expect(rule, `${uri} ${server}`).toBe(choice.rule.name);
      }
    }),
    { numRuns: 50_000 },
  );
  expect(admitted).toBeGreaterThan(2_000);
});
