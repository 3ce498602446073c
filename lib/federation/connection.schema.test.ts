import { expect, test } from "vitest";
import { ConnectionChange, ConnectionInput } from "@/lib/federation/connection.schema";

const COMMON = {
  name: "Corporate",
  slug: "corporate",
  clientId: "gatehouse",
  clientSecret: "secret",
  authMethod: "client_secret_basic",
  scopes: "openid profile email",
  domains: "",
};

const TENANT = "72f988bf-86f1-41af-91ab-2d7cd011db47";

test.each([
  [{ preset: "auth0", domain: "Corp.eu.auth0.com" }, "https://corp.eu.auth0.com/"],
  [{ preset: "okta", domain: "corp.okta.com" }, "https://corp.okta.com"],
  [
    { preset: "okta", domain: "corp.okta.com", authorizationServer: "default" },
    "https://corp.okta.com/oauth2/default",
  ],
  [
    { preset: "keycloak", address: "https://kc.example.com/auth/", realm: "my realm" },
    "https://kc.example.com/auth/realms/my%20realm",
  ],
  [{ preset: "entra-id", tenant: TENANT }, `https://login.microsoftonline.com/${TENANT}/v2.0`],
  [{ preset: "gitlab", address: "https://gitlab.com" }, "https://gitlab.com"],
  [{ preset: "google-workspace", domains: "corp.example" }, "https://accounts.google.com"],
  [{ preset: "openid", issuer: "https://id.example.com/x/" }, "https://id.example.com/x/"],
  [
    { preset: "openid", issuer: "https://id.example.com/.well-known/openid-configuration" },
    "https://id.example.com",
  ],
])("%j has the issuer %s", (fields, issuer) => {
  expect(ConnectionInput.parse({ ...COMMON, ...fields }).issuer).toBe(issuer);
});

test.each([
  [{ preset: "auth0", domain: "https://corp.auth0.com" }, "domain"],
  [{ preset: "okta", domain: "localhost" }, "domain"],
  [{ preset: "keycloak", address: "https://kc.example.com", realm: "" }, "realm"],
  [{ preset: "keycloak", address: "kc.example.com", realm: "x" }, "address"],
  [{ preset: "entra-id", tenant: "common" }, "tenant"],
  [{ preset: "google-workspace" }, "domains"],
  [{ preset: "openid", issuer: "https://id.example.com/?x=1" }, "issuer"],
  [{ preset: "openid", issuer: "javascript:alert(1)" }, "issuer"],
  [{ preset: "openid", issuer: "https://user:pass@id.example.com" }, "issuer"],
  [{ preset: "openid", issuer: "https://id.example.com", slug: "google" }, "slug"],
  [{ preset: "openid", issuer: "https://id.example.com", slug: "../x" }, "slug"],
  [{ preset: "openid", issuer: "https://id.example.com", scopes: "profile" }, "scopes"],
  [{ preset: "openid", issuer: "https://id.example.com", domains: "not a domain!" }, "domains"],
  [{ preset: "openid", issuer: "https://id.example.com", clientSecret: "" }, "clientSecret"],
])("%j is refused at %s", (fields, field) => {
  const parsed = ConnectionInput.safeParse({ ...COMMON, ...fields });
  expect(parsed.success).toBe(false);
  expect(parsed.error?.issues.map(({ path }) => path[0])).toContain(field);
});

test("a change has no secret where its field is left empty", () => {
  const change = { ...COMMON, issuer: "https://id.example.com" };
  for (const [clientSecret, read] of [
    ["", undefined],
    [undefined, undefined],
    [" another ", "another"],
  ]) {
    const parsed = ConnectionChange.parse({ ...change, clientSecret });
    expect(parsed.clientSecret).toBe(read);
  }
  expect(ConnectionChange.safeParse({ ...change, clientSecret: "  " }).success).toBe(false);
});

test("domains and scopes are lists without repetitions", () => {
  const { preset: _preset, ...change } = { ...COMMON, preset: "openid" };
  const parsed = ConnectionChange.parse({
    ...change,
    issuer: "https://id.example.com",
    scopes: "openid  email openid",
    domains: "Corp.example, sub.corp.example corp.example",
  });
  expect(parsed.scopes).toBe("openid email");
  expect(parsed.domains).toEqual(["corp.example", "sub.corp.example"]);
});
