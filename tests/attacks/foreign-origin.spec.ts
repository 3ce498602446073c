import { expect, test } from "../../e2e/support/fixtures";
import { type HttpAnswer, send } from "../../e2e/support/http";
import {
  callServerAction,
  findServerAction,
  submitPlainForm,
} from "../../e2e/support/server-actions";
import { actAs } from "../inventory/actors";
import { lastChange } from "../inventory/change-watch";
import { expectDecision } from "../inventory/named-decision";
import { makeSubjects } from "../inventory/subjects";
import { ACTIONS, addressOf, ENDPOINT_SURFACES } from "../inventory/surfaces";

// ATK-03, D18: a browser sends its cookie wherever a page tells it to. What
// changes something therefore runs for our own origin only, and for no absent
// one, whatever the forwarding headers claim (EXP-8).

// Each with what it has made itself, and so on whichever worker is free.
test.describe.configure({ mode: "parallel" });

/** Whose decision is opened: they are all refused in one place. */
const ONE_OF_THEM = "no origin";

/**
 * What an action is called with. Every other kind is tried on each endpoint and on the first action: they are
 * all judged in one place, and an action answers with a whole page.
 */
const OF_ACTIONS = [
  ONE_OF_THEM,
  "the origin null",
  "a foreign origin",
  "a foreign origin with its own forwarding header",
  "no origin with a forwarding header",
];
const FIRST_ACTION = Object.keys(ACTIONS)[0];

type Headers = Record<string, string | string[]>;

function foreignHeaders(own: string): Record<string, Headers> {
  const { host, port } = new URL(own);
  const foreign = "http://evil.example";
  return {
    "no origin": {},
    "the origin null": { origin: "null" },
    "an empty origin": { origin: "" },
    "a foreign origin": { origin: foreign },
    "our origin as a prefix": { origin: `${own}.evil.example` },
    "our host as user name": { origin: `http://${host}@evil.example` },
    "another port": { origin: own.replace(port, String(Number(port) + 1)) },
    "another scheme": { origin: own.replace("http:", "https:") },
    "another case": { origin: own.replace("localhost", "LOCALHOST") },
    "a path behind it": { origin: `${own}/` },
    "no origin at all": { origin: "not an origin" },
    "ours and another": { origin: `${own}, ${foreign}` },
    "a foreign origin with its own forwarding header": {
      origin: foreign,
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
    },
    "no origin with a forwarding header": { "x-forwarded-host": host },
    "no origin with our referer": { referer: `${own}/sign-in` },
    "a foreign origin with our Sec-Fetch-Site": {
      origin: foreign,
      "sec-fetch-site": "same-origin",
    },
  };
}

for (const [name, { fields, args, path }] of Object.entries(ACTIONS)) {
  test(`action ${name} runs for no other site`, async ({ gatehouse, clientAddress }) => {
    const action = findServerAction(name);
    const subjects = await makeSubjects(gatehouse.database);
    const administrator = await actAs(gatehouse.database, "disabled", []);
    await gatehouse.database.query("UPDATE users SET status = 'active' WHERE id = $1", [
      administrator.userId,
    ]);
    const before = await lastChange(gatehouse.database);
    const refused: HttpAnswer[] = [];
    const kinds = Object.entries(foreignHeaders(gatehouse.url)).filter(
      ([kind]) => name === FIRST_ACTION || OF_ACTIONS.includes(kind),
    );
    for (const [kind, headers] of kinds) {
      for (const call of [callServerAction, submitPlainForm]) {
        const answer = await call(gatehouse.url, {
          action,
          ...(path ? { path: path(subjects) } : {}),
          fields: fields?.(subjects) ?? {},
          account: administrator.userId,
          ...(args ? { args: args(subjects, administrator.userId ?? "") } : {}),
          headers: { ...administrator.cookie, "x-forwarded-for": clientAddress, ...headers },
        });
        expect(answer.status, `${kind}: ${answer.text.slice(0, 200)}`).toBeGreaterThanOrEqual(400);
        if (answer.status === 403 && kind === ONE_OF_THEM) refused.push(answer);
      }
    }
    expect(await lastChange(gatehouse.database)).toBe(before);
    expect(kinds.length).toBeGreaterThanOrEqual(OF_ACTIONS.length);
    // Last, because it makes somebody who reads them.
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) await expectDecision(gatehouse, answer);
  });
}

for (const [name, { params, body, headers: own }] of Object.entries(ENDPOINT_SURFACES)) {
  const [method = "GET"] = name.split(" ");
  if (method === "GET") continue;
  test(`endpoint ${name} runs for no other site`, async ({ gatehouse, clientAddress }) => {
    const subjects = await makeSubjects(gatehouse.database);
    const administrator = await actAs(gatehouse.database, "disabled", []);
    await gatehouse.database.query("UPDATE users SET status = 'active' WHERE id = $1", [
      administrator.userId,
    ]);
    const before = await lastChange(gatehouse.database);
    for (const [kind, headers] of Object.entries(foreignHeaders(gatehouse.url))) {
      const answer = await send(gatehouse.url, {
        method,
        path: addressOf(name, params?.(subjects)),
        headers: {
          ...administrator.cookie,
          ...own,
          "content-type": "application/json",
          "x-forwarded-for": clientAddress,
          ...headers,
        },
        ...(body ? { body: JSON.stringify(body(subjects)) } : {}),
      });
      expect(answer.status, kind).toBe(403);
      expect(answer.json()["code"], kind).toBe("foreign_origin");
    }
    expect(await lastChange(gatehouse.database)).toBe(before);
  });
}

test("a form of another site, in a real browser, changes nothing", async ({
  newBrowser,
  gatehouse,
}) => {
  const person = await actAs(gatehouse.database, "roleless", []);
  const context = await newBrowser({ baseURL: gatehouse.url });
  const [name, value] = (person.cookie["cookie"] ?? "").split("=");
  await context.addCookies([
    { name: String(name), value: String(value), url: gatehouse.url, sameSite: "None" },
  ]);
  const before = await lastChange(gatehouse.database);
  const page = await context.newPage();
  await page.route("http://evil.example/**", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${gatehouse.url}/api/v1/sessions" enctype="text/plain">
        <input name='{"a":"' value='"}'><button>Win</button></form>`,
    }),
  );
  await page.goto("http://evil.example/");
  await page.getByRole("button", { name: "Win" }).click();
  await page.waitForLoadState();
  expect(page.url()).toContain("/api/v1/sessions");
  expect(await lastChange(gatehouse.database)).toBe(before);
});
