import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";
import { z } from "zod";
import { GatewayRule, GatewayRules } from "@/lib/gateway/gateway-rule.schema";

const fit = { name: "a", host: "app.example", path: "/a", audience: "a", access: "signed-in" };

test("the schema that docs/ publishes is that of the rules", () => {
  const published: unknown = JSON.parse(readFileSync("docs/gateway-rules.schema.json", "utf8"));
  expect(published).toEqual(z.toJSONSchema(GatewayRules, { io: "input" }));
});

test.each([
  { host: "App.example" },
  { host: "https://app.example" },
  { host: "app.example/x" },
  { host: "*.example" },
  { host: "" },
  { path: "a" },
  { path: "/a//b" },
  { path: "/a/**/b" },
  { path: "/a*" },
  { path: "/../a" },
  { path: "/a/./b" },
  { path: "/%61" },
  { path: "/a?b" },
  { path: "/@a" },
  { methods: [] },
  { methods: ["HEAD"] },
  { methods: ["TRACE"] },
  { audience: "" },
  { access: "everybody" },
  { access: { role: "Admin" } },
  { access: "anonymous", acr: "urn:gatehouse:aal2" },
  { access: "anonymous", services: true },
  { acr: "urn:gatehouse:aal9" },
  { maxAge: 0 },
  { rateLimit: { requests: 0, seconds: 1 } },
  { unknown: true },
])("a rule with %j is none", (wrong) => {
  expect(GatewayRule.safeParse(fit).success).toBe(true);
  expect(GatewayRule.safeParse({ ...fit, ...wrong }).success).toBe(false);
});

test("everything that is wrong with a file of rules is told at once, before anything is served", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  const { parseRules } = await import("@/lib/gateway/read-rules");
  const rules = [
    { ...fit, access: { permission: "fly" } },
    { ...fit, name: "b", audience: "http://localhost:3000/oidc" },
  ];
  expect(() => parseRules(JSON.stringify({ rules }), ["view_invoice"])).toThrow(
    /a and b are for the same requests[\s\S]*a: there is no permission fly[\s\S]*b: the audience must be the service's/,
  );
  expect(() => parseRules("{", [])).toThrow("GATEWAY_RULES_FILE: is no JSON");
  expect(parseRules('{"rules": []}', []).size).toBe(0);
  const shipped = readFileSync("examples/services/gateway-rules.json", "utf8");
  expect(parseRules(shipped, ["view_invoice"]).size).toBe(1);
  vi.unstubAllEnvs();
});
