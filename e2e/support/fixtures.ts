import { randomInt } from "node:crypto";
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
} from "@playwright/test";
import type pg from "pg";
import { BrowserWatch } from "./browser-watch";
import { openTestPool } from "./databases";
import { running } from "./environment";
import { type Gatehouse, startGatehouse } from "./gatehouse";
import { send } from "./http";
import { Mailbox } from "./mailbox";
import { addPerson, openSession, type Person, SESSION_COOKIE } from "./people";

export interface GatehouseOptions {
  /** The folder whose pages `gatehouse` serves; empty for the project's own build. */
  programDir: string;
}

interface TestFixtures {
  clientAddress: string;
  watch: BrowserWatch;
  mailbox: Mailbox;
  /** A browser of its own, with its own cookies; what it complains of fails the test too. */
  newBrowser: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  /** A new user with these roles, signed in in the test's page, or in the given browser. */
  signedInAs: (options?: {
    roles?: string[];
    name?: string;
    browser?: BrowserContext;
  }) => Promise<Person & { cookie: string }>;
}

interface WorkerFixtures extends GatehouseOptions {
  /** The database of the Gatehouse that all stories share. */
  database: pg.Pool;
  /** A Gatehouse of this worker alone: for tests that count, or that leave damage. */
  gatehouse: Gatehouse;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  programDir: ["", { option: true, scope: "worker" }],

  database: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from its pattern.
    async ({}, use) => {
      const database = openTestPool(running().databaseUrl);
      await use(database);
      await database.end();
    },
    { scope: "worker" },
  ],

  gatehouse: [
    async ({ programDir }, use) => {
      const gatehouse = await startGatehouse("own", programDir ? { dir: programDir } : {});
      // The first use of the signing keys makes them, and is no test's doing.
      expect((await send(gatehouse.url, { path: "/oidc/jwks" })).status).toBe(200);
      await use(gatehouse);
      await gatehouse.stop();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  // oxlint-disable-next-line no-empty-pattern -- as above.
  baseURL: async ({}, use) => use(running().url),

  // Limits count addresses: one for each test, so that no test spends another's budget.
  // oxlint-disable-next-line no-empty-pattern -- as above.
  clientAddress: async ({}, use) =>
    use(`10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`),

  extraHTTPHeaders: async ({ clientAddress }, use) => use({ "x-forwarded-for": clientAddress }),

  watch: async ({ browserName: _browserName }, use) => {
    const watch = new BrowserWatch();
    await use(watch);
    watch.expectQuiet();
  },

  context: async ({ context, watch }, use) => {
    await watch.attach(context);
    await use(context);
  },

  newBrowser: async ({ browser, baseURL, extraHTTPHeaders, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const common = { locale: "en-GB", timezoneId: "UTC", ...options };
      const context = await browser.newContext({
        ...(baseURL === undefined ? {} : { baseURL }),
        ...(extraHTTPHeaders === undefined ? {} : { extraHTTPHeaders }),
        ...common,
      });
      opened.push(context);
      await watch.attach(context);
      return context;
    });
    for (const context of opened) await context.close();
  },

  mailbox: async ({ database }, use) => use(new Mailbox(database)),

  signedInAs: async ({ context, database }, use) => {
    await use(async ({ browser = context, ...options } = {}) => {
      const person = await addPerson(database, options);
      const cookie = await openSession(database, person.id);
      await browser.addCookies([{ name: SESSION_COOKIE, value: cookie, url: running().url }]);
      return { ...person, cookie };
    });
  },
});

export { expect } from "@playwright/test";
