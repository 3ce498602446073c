import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { SESSION_COOKIE } from "../../e2e/support/people";
import { ROOT } from "../../e2e/support/program";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import {
  idsOfTheirs,
  makeIntruder,
  makeTheirs,
  reasonOfInstallation,
  stateBeside,
  valuesIn,
} from "../inventory/crossing";
import type { Subjects } from "../inventory/subjects";
import { ACTIONS, NO_ID, PAGES } from "../inventory/surfaces";

// Somebody who may do everything in their own organization opens every page and calls every action
// with every object of another one (ATK-43). The same of the API is an integration test.

// Each with what it has made itself, and so on whichever worker is free.
test.describe.configure({ mode: "parallel" });

const LOCAL = { "x-forwarded-for": "192.0.2.44" };
const cookieOf = (cookie: string) => ({ cookie: `${SESSION_COOKIE}=${cookie}` });

/** Pages of an address that says nothing to anybody but to whom it was given, or the same to everybody. */
const OF_NO_ORGANIZATION = [
  "/interaction/[uid]",
  "/end-session/[uid]",
  "/challenge/[factor]",
  "/legal/[document]",
];

const pages = Object.entries(PAGES).filter(
  ([route]) =>
    route.includes("[") &&
    !OF_NO_ORGANIZATION.includes(route) &&
    reasonOfInstallation(route) === undefined,
);

for (const [route, { path }] of pages) {
  test(`page ${route} shows nothing of another organization`, async ({ gatehouse }) => {
    const { database, url } = gatehouse;
    const intruder = await makeIntruder(database);
    const theirs = await makeTheirs(database);
    const ids = await idsOfTheirs(database, intruder);
    const target = path?.(theirs) ?? route;
    const asked = target.split(/[/?&=]/).filter((part) => ids.has(part));
    expect(asked.length, `no object of the other organization for ${route}`).toBeGreaterThan(0);
    const before = await stateBeside(database, intruder);
    const answer = await send(url, {
      path: target,
      headers: { ...cookieOf(intruder.cookie), ...LOCAL },
    });
    expect([403, 404], `${answer.status} at ${target}`).toContain(answer.status);
    expect(await stateBeside(database, intruder)).toBe(before);
    expect([...ids].filter((id) => !asked.includes(id) && answer.text.includes(id))).toEqual([]);
  });
}

const lists = Object.entries(PAGES).filter(
  ([route, { access, status }]) =>
    !route.includes("[") &&
    access !== "anonymous" &&
    (status ?? 200) === 200 &&
    reasonOfInstallation(`${route}/`) === undefined,
);

test("no page without an id shows anything of another organization", async ({ gatehouse }) => {
  test.slow();
  const { database, url } = gatehouse;
  const intruder = await makeIntruder(database);
  await makeTheirs(database);
  const ids = await idsOfTheirs(database, intruder);
  let shown = 0;
  for (const [route, { path }] of lists) {
    // What these are asked with is about the caller alone.
    const target = path?.({} as never) ?? route;
    const answer = await send(url, {
      path: target,
      headers: { ...cookieOf(intruder.cookie), ...LOCAL },
    });
    // What is of the whole installation is refused to whoever may do everything in one organization,
    // or leads to what is theirs.
    expect([200, 307, 403], target).toContain(answer.status);
    if (answer.status === 200) shown += 1;
    expect(
      [...ids].filter((id) => `${answer.headers.location ?? ""} ${answer.text}`.includes(id)),
      target,
    ).toEqual([]);
  }
  expect(shown).toBeGreaterThan(12);
});

/** Questions that a page is asked in its address. */
const QUESTIONS: Record<string, (theirs: Subjects) => Record<string, string>> = {
  "/admin/access": ({ invoice }) => ({ permission: "view_invoice", record: invoice }),
  "/admin/simulate": ({ owner, invoice }) => ({
    subject: owner.id,
    permission: "view_invoice",
    record: invoice,
  }),
};

for (const [route, questionOf] of Object.entries(QUESTIONS)) {
  test(`page ${route} answers nothing about another organization`, async ({ gatehouse }) => {
    const { database, url } = gatehouse;
    const intruder = await makeIntruder(database);
    const theirs = await makeTheirs(database);
    const ids = await idsOfTheirs(database, intruder);
    const question = questionOf(theirs);
    const answer = await send(url, {
      path: `${route}?${new URLSearchParams(question)}`,
      headers: { ...cookieOf(intruder.cookie), ...LOCAL },
    });
    expect([200, 403, 404], route).toContain(answer.status);
    const asked = Object.values(question);
    expect([...ids].filter((id) => !asked.includes(id) && answer.text.includes(id))).toEqual([]);
    expect(answer.text).not.toContain("Ada &amp; Co");
  });
}

/**
 * A field that names an object, by its name and by having a value that could be of one. At a
 * provider we are a client of its own naming.
 */
const namesObject = ([field, value]: [string, string]): boolean =>
  /^id$|Id$/.test(field) && field !== "clientId" && value !== NO_ID;

const THEIRS = "theirs:";
const NO_OBJECTS = ["unique", "brandingVersion"];
const PEOPLE = ["user", "owner", "disabledUser", "member", "reviewed", "reviewer"];
const person = { id: THEIRS, email: THEIRS, name: THEIRS, password: "" };
/** Stands for subjects before there are any: says of a value whether it is somebody's. */
const marked = new Proxy({} as Subjects, {
  get: (_, kind) =>
    PEOPLE.includes(String(kind)) ? person : NO_OBJECTS.includes(String(kind)) ? "none" : THEIRS,
});

const actions = Object.entries(ACTIONS).filter(([name, { access, fields, args }]) => {
  const address = `/${name.replace(/^app\//, "")}`;
  if (access === "anonymous" || reasonOfInstallation(address) !== undefined) return false;
  const given = fields?.(marked) ?? {};
  return (
    Object.entries(given).some(namesObject) ||
    valuesIn([given, args?.(marked, "") ?? []]).some((value) => value === THEIRS)
  );
});

test("the sweep sees the actions that take an id", () => {
  expect(actions.length).toBeGreaterThan(25);
});

for (const [name, { fields, args, path }] of actions) {
  test(`action ${name} does nothing to another organization`, async ({
    gatehouse,
    programDir,
    clientAddress,
  }) => {
    const { database, url } = gatehouse;
    const intruder = await makeIntruder(database);
    const theirs = await makeTheirs(database);
    const ids = await idsOfTheirs(database, intruder);
    const given = fields?.(theirs) ?? {};
    const handed = args?.(theirs, intruder.id) ?? [];
    const named = valuesIn([given, handed]).filter((value) => ids.has(value));
    const unowned = Object.entries(given).filter(
      ([field, value]) => namesObject([field, value]) && !ids.has(value),
    );
    expect(unowned, "no object of the other organization").toEqual([]);
    expect(named.length, "no object of the other organization").toBeGreaterThan(0);
    const before = await stateBeside(database, intruder);
    const answer = await callServerAction(url, {
      action: findServerAction(name, programDir || ROOT),
      ...(path ? { path: path(theirs) } : {}),
      fields: given,
      account: intruder.id,
      ...(args ? { args: handed } : {}),
      headers: {
        ...cookieOf(intruder.cookie),
        origin: url,
        "x-forwarded-for": clientAddress,
      },
    });
    const told = `${answer.status} ${answer.text.slice(0, 300)}`;
    expect(answer.status, told).toBeLessThan(500);
    expect(await stateBeside(database, intruder), told).toBe(before);
    const leaked = [...ids].filter((id) => !named.includes(id) && answer.text.includes(id));
    expect(leaked, told).toEqual([]);
  });
}
