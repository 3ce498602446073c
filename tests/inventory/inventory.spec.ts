import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "../../e2e/support/fixtures";
import { ROOT } from "../../e2e/support/program";
import { listServerActions, routeOf } from "../../e2e/support/server-actions";
import { ACTIONS, HANDLERS, PAGES } from "./surfaces";

// Nothing that a build serves is missing from the table, and nothing in the
// table is gone from the build: an unlisted surface is an unguarded one.

/** Next's own: they hold no data. */
const FRAMEWORK = ["/_global-error", "/_not-found"];

function routesOf(programDir: string, kind: "page" | "route"): string[] {
  const file = path.join(programDir || ROOT, ".next/server/app-paths-manifest.json");
  return Object.keys(JSON.parse(readFileSync(file, "utf8")) as object)
    .filter((entry) => entry.endsWith(`/${kind}`))
    .map((entry) => routeOf(entry))
    .filter((route) => !FRAMEWORK.includes(route));
}

test("every page of the build is in the inventory", ({ programDir }) => {
  expect(routesOf(programDir, "page").toSorted()).toEqual(Object.keys(PAGES).toSorted());
});

test("every route handler of the build is in the inventory", ({ programDir }) => {
  expect(routesOf(programDir, "route").toSorted()).toEqual(Object.keys(HANDLERS).toSorted());
});

test("every server action of the build is in the inventory (ATK-06)", ({ programDir }) => {
  const built = listServerActions(programDir || ROOT).map(({ name }) => name);
  expect(built.toSorted()).toEqual(Object.keys(ACTIONS).toSorted());
});
