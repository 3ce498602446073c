import { expect, test } from "vitest";
import { isOwnOrigin } from "@/lib/platform/http/origin";

const OWN = "https://id.example.com";
const judge = (origin: string | null, cookieAuthenticated = true, method = "POST") =>
  isOwnOrigin({ method, origin, cookieAuthenticated }, OWN);

test("our own origin may change state", () => {
  expect(judge(OWN)).toBe(true);
});

test.each([
  "null",
  "",
  "http://id.example.com",
  "https://id.example.com:8443",
  "https://id.example.com.evil.example",
  "https://evil.example",
  "https://ID.example.com",
  "https://id.example.com/",
  `${OWN}, https://evil.example`,
])("the origin %j may not (ATK-03)", (origin) => {
  expect(judge(origin)).toBe(false);
  expect(judge(origin, false)).toBe(false);
});

test("no origin is refused only where a cookie authenticates (D18)", () => {
  expect(judge(null)).toBe(false);
  expect(judge(null, false)).toBe(true);
});

test("reading needs no origin", () => {
  expect(judge(null, true, "GET")).toBe(true);
  expect(judge("https://evil.example", true, "HEAD")).toBe(true);
});
