import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../../e2e/support/fixtures";
import { type HttpCall, send } from "../../e2e/support/http";
import { ROOT } from "../../e2e/support/program";
import { actAs } from "../inventory/actors";
import { makeSubjects } from "../inventory/subjects";
import { PAGES } from "../inventory/surfaces";

// ATK-01, EXP-7: every known way around the middleware of this framework, and
// relatives of them, at every page that needs a session. The same file runs
// against a build that has no middleware.

// Each with what it has made itself, and so on whichever worker is free.
test.describe.configure({ mode: "parallel" });

const upper = (text: string): string => text.replace(/[a-z]/, (letter) => letter.toUpperCase());
const encodeFirst = (text: string): string =>
  text.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
const RSC = { rsc: "1", accept: "text/x-component" };

const PROBES: Record<string, (target: string, buildId: string) => HttpCall> = {
  "no trick at all": (at) => ({ path: at }),
  "x-middleware-subrequest of old": (at) => ({
    path: at,
    headers: { "x-middleware-subrequest": "middleware" },
  }),
  "x-middleware-subrequest repeated": (at) => ({
    path: at,
    headers: { "x-middleware-subrequest": Array(5).fill("middleware").join(":") },
  }),
  "x-middleware-subrequest in src": (at) => ({
    path: at,
    headers: { "x-middleware-subrequest": Array(5).fill("src/middleware").join(":") },
  }),
  "x-middleware-next": (at) => ({ path: at, headers: { "x-middleware-next": "1" } }),
  "x-middleware-rewrite": (at) => ({ path: "/", headers: { "x-middleware-rewrite": at } }),
  "x-middleware-override-headers": (at) => ({
    path: at,
    headers: { "x-middleware-override-headers": "cookie", "x-middleware-request-cookie": "a=b" },
  }),
  "x-invoke-path": (at) => ({ path: "/", headers: { "x-invoke-path": at } }),
  "x-matched-path": (at) => ({ path: "/", headers: { "x-matched-path": at } }),
  "x-original-url": (at) => ({ path: "/", headers: { "x-original-url": at } }),
  "x-rewrite-url": (at) => ({ path: "/", headers: { "x-rewrite-url": at } }),
  "x-now-route-matches": (at) => ({ path: at, headers: { "x-now-route-matches": "1=x" } }),
  "x-nextjs-data": (at) => ({ path: at, headers: { "x-nextjs-data": "1" } }),
  "a .rsc suffix": (at) => ({ path: `${at}.rsc` }),
  "a .prefetch.rsc suffix": (at) => ({ path: `${at}.prefetch.rsc` }),
  "the RSC header": (at) => ({ path: at, headers: RSC }),
  "the RSC header and _rsc": (at) => ({ path: `${at}?_rsc=abcde`, headers: RSC }),
  "a prefetch": (at) => ({ path: at, headers: { ...RSC, "next-router-prefetch": "1" } }),
  "a tree prefetch": (at) => ({
    path: at,
    headers: {
      ...RSC,
      "next-router-prefetch": "1",
      "next-router-segment-prefetch": "/_tree",
    },
  }),
  "a page segment prefetch": (at) => ({
    path: at,
    headers: {
      ...RSC,
      "next-router-prefetch": "1",
      "next-router-segment-prefetch": `${at}/__PAGE__`,
    },
  }),
  "a segment file": (at) => ({ path: `${at}.segments/_tree.segment.rsc` }),
  "_next/data": (at, buildId) => ({ path: `/_next/data/${buildId}${at}.json` }),
  "a .json suffix": (at) => ({ path: `${at}.json` }),
  "a .css suffix": (at) => ({ path: `${at}/x.css` }),
  "another case": (at) => ({ path: upper(at) }),
  "two slashes": (at) => ({ path: `/${at}` }),
  "a dot segment": (at) => ({ path: `/.${at}` }),
  "a dot dot segment": (at) => ({ path: `/x/..${at}` }),
  "an encoded dot dot segment": (at) => ({ path: `/x/%2e%2e${at}` }),
  "an encoded letter": (at) => ({ path: encodeFirst(at) }),
  "an encoded slash": (at) => ({ path: `/${at.slice(1).replaceAll("/", "%2f")}` }),
  "a doubly encoded letter": (at) => ({ path: encodeFirst(at).replace("%", "%25") }),
  "a backslash": (at) => ({ path: at.replaceAll("/", "\\") }),
  "a matrix parameter": (at) => ({ path: `${at};x=1` }),
  "a trailing slash": (at) => ({ path: `${at}/` }),
  "an encoded null": (at) => ({ path: `${at}%00` }),
  "a locale": (at) => ({ path: `/en${at}` }),
  "a route group": (at) => ({ path: `/(account)${at}` }),
  HEAD: (at) => ({ path: at, method: "HEAD" }),
  POST: (at) => ({ path: at, method: "POST" }),
  TRACE: (at) => ({ path: at, method: "TRACE" }),
  "an action of nobody's": (at) => ({
    path: at,
    method: "POST",
    headers: { "next-action": "40".padEnd(42, "a"), accept: "text/x-component" },
  }),
  "a method override": (at) => ({
    path: "/",
    method: "POST",
    headers: { "x-http-method-override": "GET", "x-original-url": at },
  }),
  "a made-up session": (at) => ({
    path: at,
    headers: { cookie: `gatehouse_session=${"A".repeat(43)}` },
  }),
  "a made-up session of the other name": (at) => ({
    path: at,
    headers: { cookie: `__Host-gatehouse_session=${"A".repeat(43)}` },
  }),
  "an empty session": (at) => ({ path: at, headers: { cookie: "gatehouse_session=" } }),
  "a bearer token that is none": (at) => ({ path: at, headers: { authorization: "Bearer x" } }),
};

const PROTECTED = Object.entries(PAGES).filter(([, { access }]) => access !== "anonymous");

/** What only somebody let in gets to see: the page's own heading. */
const headingOf = (html: string): string | undefined => /<h1[^>]*>([^<]+)</.exec(html)?.[1];

/** The same in a Server Component payload, where quotes may be escaped. */
const rscHeading = (heading: string): RegExp =>
  new RegExp(`"h1\\\\?",[^\\]]*${heading.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`);

test("the corpus is as large as the checklist asks for", () => {
  expect(Object.keys(PROBES).length).toBeGreaterThanOrEqual(24);
});

for (const [route, { path: addressOf, status = 200 }] of PROTECTED) {
  test(`no probe opens ${route}`, async ({ gatehouse, programDir }) => {
    const subjects = await makeSubjects(gatehouse.database);
    const target = addressOf?.(subjects) ?? route;
    const holder = await actAs(gatehouse.database, "disabled", []);
    await gatehouse.database.query("UPDATE users SET status = 'active' WHERE id = $1", [
      holder.userId,
    ]);
    const opened = await send(gatehouse.url, { path: target, headers: holder.cookie });
    expect(opened.status).toBe(status);
    const heading = headingOf(opened.text);
    if (status === 200) expect(heading).toBeTruthy();

    const buildId = readFileSync(path.join(programDir || ROOT, ".next/BUILD_ID"), "utf8");
    for (const [name, probe] of Object.entries(PROBES)) {
      const answer = await send(gatehouse.url, probe(target, buildId));
      const told = `${name}: ${answer.status} ${answer.text.slice(0, 200)}`;
      expect(answer.status, told).toBeGreaterThan(0);
      expect(answer.status, told).not.toBe(500);
      if (heading === undefined) continue;
      expect(headingOf(answer.text), told).not.toBe(heading);
      expect(answer.text, told).not.toMatch(rscHeading(heading));
    }
  });
}
