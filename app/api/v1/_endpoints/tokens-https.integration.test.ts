import { beforeAll, expect, test, vi } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { send } from "@/tests/support/api";
import { aUser, type TestUser } from "@/tests/support/builders";

vi.stubEnv("APP_URL", "https://id.example.com");

const PREFIXED = /^__Host-gatehouse_refresh=([^;]*)/;

let user: TestUser;
beforeAll(async () => {
  user = await aUser();
});

const login = async () => {
  const { email, password } = user;
  const answer = await send(null, "POST", "/api/v1/auth/login", { email, password });
  return String(answer.headers["set-cookie"]);
};
const refresh = (cookie: string) => send(null, "POST", "/api/v1/auth/refresh", {}, { cookie });

test("on https the refresh token is a cookie of this host alone, sent by https alone (ATK-67)", async () => {
  expect(getConfig().origin).toBe("https://id.example.com");
  const cookie = await login();
  expect(cookie).toMatch(PREFIXED);
  // What browsers ask of a cookie with this prefix: RFC 6265bis §4.1.3.2.
  const attributes = cookie.split("; ").slice(1);
  for (const one of ["Secure", "HttpOnly", "SameSite=Strict", "Path=/"]) {
    expect(attributes).toContain(one);
  }
  expect(cookie).not.toMatch(/domain/i);
  const value = PREFIXED.exec(cookie)?.[1] ?? "";
  const refreshed = await refresh(`__Host-gatehouse_refresh=${value}`);
  expect(refreshed.status).toBe(200);
  expect(String(refreshed.headers["set-cookie"])).toMatch(PREFIXED);
});

test("on https a cookie that a neighbouring host could set is none, and is cleared under its own name (ATK-67)", async () => {
  const value = PREFIXED.exec(await login())?.[1] ?? "";
  expect((await refresh(`gatehouse_refresh=${value}`)).status).toBe(401);
  const refused = await refresh("__Host-gatehouse_refresh=nonsense");
  expect(refused.status).toBe(401);
  expect(String(refused.headers["set-cookie"])).toMatch(
    /^__Host-gatehouse_refresh=; .*Max-Age=0; Secure$/,
  );
});
