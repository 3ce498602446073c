import { expect, test } from "vitest";
import { redirectUriProblem } from "@/lib/oidc/client.schema";

test.each([
  ["localhost:3300/callback", "begin it with http://, as http://localhost:3300/callback"],
  ["127.0.0.1:3300/callback", "begin it with http://, as http://127.0.0.1:3300/callback"],
  ["[::1]:3300/callback", "begin it with http://, as http://[::1]:3300/callback"],
  ["localhost", "begin it with http://, as http://localhost"],
  ["app.example.com/callback", "begin it with https://, as https://app.example.com/callback"],
  ["app.example.com:8443/cb", "begin it with https://, as https://app.example.com:8443/cb"],
])("the redirect URI %s is told what it lacks", (uri, problem) => {
  for (const kind of ["web", "single_page", "native"] as const) {
    expect(redirectUriProblem(uri, kind)).toBe(problem);
  }
});

test("a scheme of an app's own lacks nothing", () => {
  expect(redirectUriProblem("com.example.app:/callback", "native")).toBeNull();
});
