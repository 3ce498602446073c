import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { announcesTooMuch, hidesItsLength, unservable } from "@/lib/platform/http/unservable";

const judge = (request: Partial<IncomingMessage>) =>
  unservable({
    url: "/",
    method: "GET",
    rawHeaders: ["Host", "localhost"],
    ...request,
  } as IncomingMessage)?.status ?? null;

test.each(["/", "/a%20b?x=%", "//", "/a;b", "/%2f"])("%j is served", (url) => {
  expect(judge({ url })).toBeNull();
});

test.each(["http://evil.example/", "*", "", "/%", "/%ff", "/a/%E0%A4%A"])("%j is not", (url) => {
  expect(judge({ url })).toBe(400);
});

test("a second Host is refused, however it is written", () => {
  expect(judge({ rawHeaders: ["Host", "localhost", "hOST", "localhost"] })).toBe(400);
  expect(judge({ rawHeaders: ["Host", "localhost", "X", "host"] })).toBeNull();
});

test.each(["TRACE", "CONNECT", "PROPFIND", "get"])("%s is no method here", (method) => {
  expect(judge({ method })).toBe(405);
});

test("a body that is announced as too large is refused unread", () => {
  const announce = (length?: string) =>
    announcesTooMuch({ headers: { "content-length": length } } as IncomingMessage, 10);
  expect(announce("11")).toBe(true);
  expect(announce("10")).toBe(false);
  expect(announce()).toBe(false);
});

test("a form says how long it is; a body of the API is counted as it is read", () => {
  const hides = (url: string, headers: Record<string, string>) =>
    hidesItsLength({ url, headers } as unknown as IncomingMessage);
  expect(hides("/sign-in", { "transfer-encoding": "chunked" })).toBe(true);
  expect(hides("/sign-in", { "content-length": "1" })).toBe(false);
  expect(hides("/api/auth/backchannel-logout/x", { "transfer-encoding": "chunked" })).toBe(false);
});
