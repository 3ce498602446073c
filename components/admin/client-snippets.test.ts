import { describe, expect, test } from "vitest";
import { snippetsFor } from "@/components/admin/client-snippets";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { CLIENT_KINDS } from "@/lib/shared/client-kind";

const FACTS: SnippetFacts = {
  issuer: "https://id.example.com/oidc",
  api: "https://id.example.com/api/v1",
  clientId: "0190a000-0000-7000-8000-000000000000",
  secret: "the-very-secret",
  kind: "web",
  signs: false,
  redirectUri: "https://shop.example.com/callback",
  scopes: ["api:read", "tokens:introspect"],
  idTokenAlgorithm: "ES256",
};

const codeOf = (facts: Partial<SnippetFacts>, name: string): string =>
  snippetsFor({ ...FACTS, ...facts }).find((snippet) => snippet.name === name)?.code ?? "";

describe.each(CLIENT_KINDS)("the snippets of the kind %s", (kind) => {
  test("are filled in with issuer and client id, and with a secret only where there is one", () => {
    const all = snippetsFor({ ...FACTS, kind });
    for (const { code } of all) {
      expect(code).toContain(FACTS.issuer);
      expect(code).toContain(FACTS.clientId);
      expect(code.includes("the-very-secret")).toBe(kind === "web" || kind === "service");
    }
    for (const { code } of snippetsFor({ ...FACTS, kind, secret: null })) {
      expect(code).not.toContain("the-very-secret");
    }
  });
});

test("a web app's are for openid-client, Auth.js, Spring, nginx, Apache and curl, with its redirect URI", () => {
  const names = snippetsFor(FACTS).map(({ name }) => name);
  expect(names).toEqual(["openid-client", "Auth.js", "Spring", "nginx", "Apache", "curl"]);
  for (const name of ["openid-client", "Spring", "Apache", "curl"]) {
    expect(codeOf({}, name)).toContain(FACTS.redirectUri);
  }
  expect(codeOf({}, "nginx")).toContain('redirect_uri  "/callback"');
  expect(snippetsFor(FACTS).find(({ name }) => name === "Auth.js")).toMatchObject({
    notes: ["authJsRegister"],
    address: "https://shop.example.com/api/auth/callback/gatehouse",
  });
  const redirectUri = "https://shop.example.com/api/auth/callback/corporate";
  expect(codeOf({ redirectUri }, "Auth.js")).toContain('id: "corporate"');
});

test("a service asks for the scopes that it has, for the API", () => {
  const code = codeOf({ kind: "service", redirectUri: "" }, "openid-client");
  expect(code).toContain('scope: "api:read"');
  expect(code).toContain('resource: "https://id.example.com/api/v1"');
});

test("a service without a scope of the API is told that its token opens nothing there", () => {
  for (const { name, notes, code } of snippetsFor({
    ...FACTS,
    kind: "service",
    redirectUri: "",
    scopes: [""],
  })) {
    expect([name, ...notes]).toContain("notForApi");
    expect(code).not.toContain(FACTS.api);
  }
});

test.each(["web", "single_page", "native"] as const)(
  "a %s app asks for the API with every scope that it has, at both endpoints, and calls it",
  (kind) => {
    const facts = { kind, scopes: ["api:read", "api:write"] };
    for (const name of ["openid-client", "curl"]) {
      const code = codeOf(facts, name).replaceAll("%3A", ":").replaceAll("%2F", "/");
      expect(code.replaceAll("+", " ")).toContain("openid profile email api:read api:write");
      // Twice as the resource, and once as the address that is called.
      expect(code.split(FACTS.api)).toHaveLength(4);
      expect(code).toContain(`${FACTS.api}/me`);
    }
  },
);

test("an app without a scope of the API asks userinfo who somebody is, and names no resource", () => {
  for (const kind of ["web", "single_page", "native"] as const) {
    expect(codeOf({ kind, scopes: [] }, "openid-client")).toContain("oidc.fetchUserInfo");
    expect(codeOf({ kind, scopes: [] }, "curl")).toContain("https://id.example.com/oidc/me");
    for (const { code } of snippetsFor({ ...FACTS, kind, scopes: [] })) {
      expect(code).not.toMatch(/resource["=:]/);
    }
  }
});

test("a device without a browser is signed in by a code", () => {
  const device = { kind: "native", redirectUri: "" } as const;
  expect(codeOf(device, "openid-client")).toContain("initiateDeviceAuthorization");
  expect(codeOf(device, "curl")).toContain("/oidc/device/auth");
});

test("what runs on this machine without TLS says so to the library", () => {
  const facts = { issuer: "http://localhost:3000/oidc", kind: "native" } as const;
  expect(codeOf(facts, "openid-client")).toContain("oidc.allowInsecureRequests");
  expect(codeOf({ kind: "native" }, "openid-client")).not.toContain("allowInsecure");
});

test("a client that signs brings its key and no secret", () => {
  const [only, ...others] = snippetsFor({ ...FACTS, signs: true, secret: null });
  expect(others).toEqual([]);
  expect(only?.code).toContain("oidc.PrivateKeyJwt(privateKey)");
  expect(only?.code).not.toContain("client secret");
});

test("an address with quotes in it stays within its quotes", () => {
  const redirectUri = "https://shop.example.com/cb';touch${IFS}x;'";
  expect(codeOf({ redirectUri }, "curl")).toContain(
    "'redirect_uri=https://shop.example.com/cb'\\'';touch${IFS}x;'\\'''",
  );
});
