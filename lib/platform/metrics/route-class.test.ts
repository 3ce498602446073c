import { expect, test } from "vitest";
import { routeClassOf } from "@/lib/platform/metrics/route-class";

test.each([
  ["GET", "/", "page"],
  ["GET", "/invoices?q=secret", "page"],
  ["POST", "/invoices", "action"],
  ["POST", "/sign-in", "action"],
  ["GET", "/sign-in", "sign-in"],
  ["POST", "/api/auth/callback/credentials", "sign-in"],
  ["GET", "/admin/users/1", "admin"],
  ["POST", "/api/v1/users", "api"],
  ["POST", "/oidc/token", "oidc"],
  ["GET", "/.well-known/oauth-authorization-server/oidc", "oidc"],
  ["POST", "/access/v1/evaluation", "access"],
  ["GET", "/api/health/ready", "health"],
  ["GET", "/_next/static/x.js", "static"],
  ["GET", "/no-such-place", "page"],
])("%s %s is of the class %s", (method, target, expected) => {
  expect(routeClassOf(method, target)).toBe(expected);
});
