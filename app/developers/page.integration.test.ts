import { globSync, readFileSync } from "node:fs";
import { createElement } from "react";
import { expect, test } from "vitest";
import { describeApi } from "@/app/api/openapi";
import { PROBLEM_CODES } from "@/app/api/problem-codes";
import { ENDPOINTS } from "@/app/api/table";
import DevelopersPage from "@/app/developers/page";
import { LOCALES, type Locale } from "@/lib/shared/locale";
import { renderPage } from "@/tests/support/render-page";

const pageIn = (locale?: Locale): string =>
  renderPage(createElement(DevelopersPage), ["common", "developers", "failure"], locale);
const anchorsOf = (markup: string) =>
  new Set([...markup.matchAll(/ id="([\w-]+)"/g)].map(([, id]) => id));
const page = pageIn();
const anchors = anchorsOf(page);

test("the type of every problem is an anchor on /developers (RFC 9457 §3.1.1)", () => {
  const sources = globSync("app/api/**/*.ts")
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(file, "utf8"));
  const answered = sources.flatMap((source) =>
    // An issue of a schema is told in the words of its field, under the code of the whole.
    [...source.matchAll(/(?<!addIssue\(\{ )\bcode: "(\w+)"/g)].map(([, code = ""]) => code),
  );
  expect(answered.length).toBeGreaterThan(20);
  const codes = [...answered, ...Object.keys(PROBLEM_CODES)];
  expect(codes.filter((code) => !anchors.has(code))).toEqual([]);
});

test("what the page links to within itself is there", () => {
  const targets = [...page.matchAll(/href="(?:\/developers)?#([\w-]+)"/g)].map(([, id]) => id);
  expect(targets).toContain("person_required");
  expect(targets.filter((id) => !anchors.has(id))).toEqual([]);
});

test.each(LOCALES)("in %s the page has the same anchors and links (F134)", (locale) => {
  const other = pageIn(locale);
  expect(anchorsOf(other)).toEqual(anchors);
  expect(other.match(/href="#?[^"]+"/g)).toEqual(page.match(/href="#?[^"]+"/g));
});

test("the description has every way to authenticate, with the scope that an operation needs", () => {
  const { paths, components } = describeApi(ENDPOINTS);
  expect(components.securitySchemes).toMatchObject({
    session: { type: "apiKey" },
    bearer: { type: "http", scheme: "bearer" },
    oauth2: { flows: { clientCredentials: { scopes: { "api:read": expect.any(String) } } } },
    openId: { openIdConnectUrl: expect.stringContaining("/oidc/.well-known/") },
  });
  const reading = [
    { session: [] },
    { bearer: [] },
    { oauth2: ["api:read"] },
    { openId: ["api:read"] },
  ];
  expect(paths["/api/v1/me"]?.["get"]).toMatchObject({ security: reading });
  expect(paths["/api/v1/invoices"]?.["post"]).toMatchObject({
    security: expect.arrayContaining([{ oauth2: ["api:write"] }]),
  });
  expect(paths["/api/v1/openapi.json"]?.["get"]).toMatchObject({ security: [] });
});

test("an operation that takes a fresh proof says so, and names no scope", () => {
  const { paths } = describeApi(ENDPOINTS);
  expect(paths["/api/v1/users/{id}"]?.["delete"]).toMatchObject({
    security: [{ session: [] }, { bearer: [] }],
    "x-fresh-proof": true,
    description: expect.stringContaining("person_required"),
  });
});
