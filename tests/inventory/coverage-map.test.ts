import ts from "typescript";
import { expect, test } from "vitest";
import { listSurfaces } from "@/app/admin/coverage/surfaces";
import { ENDPOINTS } from "@/app/api/table";
import words from "@/messages/en/admin-coverage.json";
import { actionsIn, collectCoverage } from "../../scripts/coverage-map/collect.mjs";
import { ACTIONS, HANDLERS, PAGES } from "./surfaces";

// What the page about coverage shows is read from the code at every build. Here it is held against
// the list by which `refusals.spec.ts` calls a running build as everybody who may not: a surface that
// asks for something else than either says, or that is missing from one, fails.

const map = collectCoverage();
const listed = (surfaces: Record<string, { access: string }>) =>
  Object.entries(surfaces).map(([name, { access }]) => `${name} takes ${access}`);

test("every page asks for what the inventory enforces, as the map says it", () => {
  const mapped = map.pages.map(({ route, needs }) => `${route} takes ${needs}`);
  expect(mapped.toSorted()).toEqual(listed(PAGES).toSorted());
});

test("every action asks for what the inventory enforces, as the map says it", () => {
  const mapped = map.actions.map(({ file, name, needs }) => `${file}#${name} takes ${needs}`);
  expect(mapped.toSorted()).toEqual(listed(ACTIONS).toSorted());
});

test("every handler is in the map, and knows its callers by itself", () => {
  const mapped = map.handlers.map(({ route, needs }) => `${route} takes ${needs}`);
  expect(mapped.toSorted()).toEqual(listed(HANDLERS).toSorted());
});

test("the page shows every endpoint with what the API's table asks for", () => {
  const shown = listSurfaces().filter(({ kind }) => kind === "endpoint");
  const asked = ENDPOINTS.map(
    ({ method, path, access }) =>
      `${method} ${path} takes ${typeof access === "object" ? access.key : access}`,
  );
  expect(shown.map(({ name, needs }) => `${name} takes ${needs}`).toSorted()).toEqual(
    asked.toSorted(),
  );
});

test("every area that there is has its name in the catalogue, and no other", () => {
  const areas = new Set(listSurfaces().map(({ area }) => area));
  expect(Object.keys(words.areas).toSorted()).toEqual([...areas].toSorted());
});

/** A file of ours, as it would be if this were in it. */
const neededIn = (text: string): string => {
  const source = ts.createSourceFile("app/x/actions.ts", text, ts.ScriptTarget.Latest, true);
  return actionsIn({ file: "app/x/actions.ts", source, declared: new Map(), imported: IMPORTED })
    .map(({ needs }) => needs)
    .join();
};
const IMPORTED = new Map([
  ["TEAM_PERMISSIONS", { file: "lib/teams/permissions.ts", name: "TEAM_PERMISSIONS" }],
  ["deleteTeam", { file: "lib/teams/delete-team.ts", name: "deleteTeam" }],
  ["can", { file: "lib/authz/decide.ts", name: "can" }],
]);

test.each([
  [
    "return runAction(form, S, (caller) => authorize(caller, TEAM_PERMISSIONS.view));",
    "view_teams",
  ],
  ["return runAction(form, S, (caller, { id }) => deleteTeam(caller, id));", "manage_teams"],
  ["return runAction(form, S, (caller) => can(caller, TEAM_PERMISSIONS.manage));", "signed-in"],
  ["return runAction(form, S, () => authorize(c, NONE.such));", "signed-in"],
  ["return runPublicAction(form, S, (caller) => nothing(caller));", "anonymous"],
])("an action that says %s takes %s", (body, needs) => {
  expect(neededIn(`export async function f(form) { ${body} }`)).toBe(needs);
});

test("what an action declares goes before what is read from it", () => {
  const body = "return runAction(form, S, (caller) => authorize(caller, TEAM_PERMISSIONS.view));";
  const declared = "/** Does it.\n *\n * @needs manage_teams By the change. */";
  expect(neededIn(`${declared}\nexport async function f(form) { ${body} }`)).toBe("manage_teams");
});
