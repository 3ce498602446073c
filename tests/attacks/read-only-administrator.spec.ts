import { expect, test } from "../../e2e/support/fixtures";
import type { Gatehouse } from "../../e2e/support/gatehouse";
import { send } from "../../e2e/support/http";
import { ROOT } from "../../e2e/support/program";
import {
  callServerAction,
  findServerAction,
  listServerActions,
} from "../../e2e/support/server-actions";
import { actAs } from "../inventory/actors";
import { lastChange } from "../inventory/change-watch";
import { makeSubjects, type Subjects } from "../inventory/subjects";
import { ACTIONS, addressOf, ENDPOINT_SURFACES, PAGES } from "../inventory/surfaces";

// F102: an administrator who may see everything and change nothing. Their pages are those of the
// inventory, and so are the actions and endpoints that they try: what is new is tried, too.

const isView = (access: string) => access.startsWith("view_");
const isOpen = (access: string) => access === "anonymous" || access === "signed-in";
const entries = <T extends { access: string }>(surfaces: Record<string, T>) =>
  Object.entries(surfaces);

const VIEWS = [
  ...new Set(
    [...entries(PAGES), ...entries(ACTIONS), ...entries(ENDPOINT_SURFACES)]
      .map(([, { access }]) => access)
      .filter(isView),
  ),
];
/** What nobody may who may only see. */
const isBeyond = ({ access }: { access: string }) => !isOpen(access) && !isView(access);

const reader = (gatehouse: Gatehouse) => actAs(gatehouse.database, "holder", VIEWS);

/** The page of the inventory that an address is of, with what stands in for its parameters. */
const pagesFor = (subjects: Subjects) =>
  entries(PAGES).map(([route, { path, ...page }]) => ({
    ...page,
    route,
    target: path?.(subjects) ?? route,
  }));

const linksOf = (html: string): string[] =>
  [...html.matchAll(/\shref="(\/(?:admin|invoices|api)[^"#]*)"/g)].map(([, href = ""]) =>
    href.replaceAll("&amp;", "&"),
  );

test("whoever may see everything sees no control of what they may not do (F102)", async ({
  gatehouse,
  programDir,
}) => {
  test.setTimeout(240_000);
  const actions = listServerActions(programDir || ROOT);
  const beyond = actions.filter(({ name }) => {
    const surface = ACTIONS[name];
    return surface === undefined || isBeyond(surface);
  });
  expect(beyond.length).toBeGreaterThan(50);
  const subjects = await makeSubjects(gatehouse.database);
  const { cookie } = await reader(gatehouse);
  const administrator = await actAs(gatehouse.database, "disabled", []);
  await gatehouse.database.query("UPDATE users SET status = 'active' WHERE id = $1", [
    administrator.userId,
  ]);
  const namedOn = (html: string) =>
    beyond.filter(({ id }) => html.includes(id)).map(({ name }) => name);
  const links = new Map<string, string>();
  const shown: string[] = [];
  const controls: Record<string, string[]> = {};
  for (const { route, access, target, status = 200 } of pagesFor(subjects)) {
    if (!isView(access)) continue;
    const answer = await send(gatehouse.url, { path: target, headers: cookie });
    expect([status, 307], target).toContain(answer.status);
    const named = namedOn(answer.text);
    if (named.length > 0) controls[route] = named;
    for (const href of linksOf(answer.text)) links.set(href, route);
    const theirs = await send(gatehouse.url, { path: target, headers: administrator.cookie });
    shown.push(...namedOn(theirs.text));
  }
  expect(controls).toEqual({});
  // The same pages do name them to whoever may use them: the test sees what it looks for.
  expect(new Set(shown).size).toBeGreaterThan(30);

  const refused: string[] = [];
  for (const [href, route] of links) {
    const { status } = await send(gatehouse.url, { path: href, headers: cookie });
    if (status === 403) refused.push(`${href} on ${route}`);
    expect(status, `${href} on ${route}`).toBeLessThan(500);
  }
  expect(refused).toEqual([]);
});

test("every page that is for changing something is refused to whoever may only see (F102)", async ({
  gatehouse,
}) => {
  const subjects = await makeSubjects(gatehouse.database);
  const { cookie } = await reader(gatehouse);
  const answers: Record<string, number> = {};
  for (const page of pagesFor(subjects).filter(isBeyond)) {
    const { status } = await send(gatehouse.url, { path: page.target, headers: cookie });
    if (status !== 403) answers[page.route] = status;
  }
  expect(answers).toEqual({});
});

test("every action and endpoint that changes something refuses whoever may only see, and changes nothing (F102)", async ({
  gatehouse,
  programDir,
  clientAddress,
}) => {
  test.setTimeout(240_000);
  const subjects = await makeSubjects(gatehouse.database);
  const { cookie, userId } = await reader(gatehouse);
  const headers = { ...cookie, origin: gatehouse.url, "x-forwarded-for": clientAddress };
  const before = await lastChange(gatehouse.database, userId);
  const answers: Record<string, number> = {};
  let tried = 0;
  for (const [name, surface] of entries(ACTIONS).filter(([, surface]) => isBeyond(surface))) {
    const { fields, args, path } = surface;
    const { status } = await callServerAction(gatehouse.url, {
      action: findServerAction(name, programDir || ROOT),
      ...(path ? { path: path(subjects) } : {}),
      fields: fields?.(subjects) ?? {},
      account: userId,
      ...(args ? { args: args(subjects, userId ?? "") } : {}),
      headers,
    });
    tried += 1;
    if (status !== 403) answers[name] = status;
  }
  for (const [name, surface] of entries(ENDPOINT_SURFACES).filter(([, one]) => isBeyond(one))) {
    const { params, query, body, headers: own } = surface;
    const { status } = await send(gatehouse.url, {
      method: name.split(" ")[0] ?? "GET",
      path: addressOf(name, params?.(subjects), query?.(subjects)),
      headers: { ...headers, ...own, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body(subjects)) } : {}),
    });
    tried += 1;
    if (status !== 403) answers[name] = status;
  }
  expect(answers).toEqual({});
  expect(tried).toBeGreaterThan(150);
  expect(await lastChange(gatehouse.database, userId)).toBe(before);
});
