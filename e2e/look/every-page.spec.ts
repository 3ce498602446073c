import { makeSubjects } from "../../tests/inventory/subjects";
import { PAGES } from "../../tests/inventory/surfaces";
import { Examination } from "../support/examination";
import { expect, test } from "../support/fixtures";
import { startGatehouse } from "../support/gatehouse";
import { addInvoice } from "../support/invoices";
import { addPerson, openSession, SESSION_COOKIE } from "../support/people";

// Every page there is, in every look there is: a page that is new is in the
// inventory's table, or the tests beside that table fail.

const WINDOWS = [
  { name: "a desk", viewport: { width: 1280, height: 800 } },
  { name: "a phone", viewport: { width: 390, height: 844 } },
] as const;
const THEMES = ["light", "dark"] as const;
const LOOKS = [
  ...WINDOWS.map((window) => ({ ...window, colorScheme: "light", depth: "everything" }) as const),
  { ...WINDOWS[0], colorScheme: "dark", depth: "colours" },
  // Browser zoom halves the window in CSS pixels (WCAG 1.4.4, 1.4.10).
  {
    name: "a desk at 200 %",
    viewport: { width: 640, height: 400 },
    colorScheme: "light",
    depth: "layout",
  },
] as const;

const isOfAdministration = (route: string): boolean => /^\/admin(?:\/|$)/.test(route);
/** No test takes so long that the other worker waits for it at the end. */
const PARTS = [
  ["of administration from A to K", (route: string) => /^\/admin(?:$|\/[a-k])/.test(route)],
  ["of administration from L to Z", (route: string) => /^\/admin\/[l-z]/.test(route)],
  ["beside administration", (route: string) => !isOfAdministration(route)],
] as const;

const LONG_NAME =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

test.describe.configure({ mode: "parallel", timeout: 480_000 });

for (const { name, viewport, colorScheme, depth } of LOOKS) {
  const look = { viewport, colorScheme };

  test(`every page for everybody is in order on ${name} in ${colorScheme}`, async ({
    newBrowser,
    database,
  }) => {
    const examination = await Examination.of(await newBrowser(look), depth);
    const subjects = await makeSubjects(database);
    for (const [route, { access, path, anonymousStatus }] of Object.entries(PAGES)) {
      if (access !== "anonymous") continue;
      // A browser follows a redirect: what it finds there is in order too.
      const status = anonymousStatus === 307 ? 200 : (anonymousStatus ?? 200);
      await examination.visit(path?.(subjects) ?? route, { status });
    }
    await examination.visit("/nowhere", { status: 404 });
    expect(examination.findings).toEqual([]);
  });

  for (const [where, isThere] of PARTS) {
    test(`every page ${where} is in order on ${name} in ${colorScheme}`, async ({
      newBrowser,
      database,
      signedInAs,
    }) => {
      const browser = await newBrowser(look);
      const examination = await Examination.of(browser, depth);
      const subjects = await makeSubjects(database);
      const { id } = await signedInAs({ roles: ["Admin"], name: LONG_NAME, browser });
      for (let count = 0; count < 26; count += 1) {
        await addInvoice(database, id, { customer: LONG_NAME });
      }
      for (const [route, { access, path, status = 200 }] of Object.entries(PAGES)) {
        if (access === "anonymous" || !isThere(route)) continue;
        await examination.visit(path?.(subjects) ?? route, {
          status: status === 307 ? 200 : status,
        });
      }
      expect(examination.findings).toEqual([]);
    });
  }

  test(`confirming who one is is in order on ${name} in ${colorScheme}`, async ({
    newBrowser,
    signedInAs,
  }) => {
    const browser = await newBrowser(look);
    const examination = await Examination.of(browser, depth);
    await signedInAs({ roles: ["Admin"], name: LONG_NAME, browser });
    await examination.visit("/challenge/password?for=step-up&returnTo=%2Fdashboard");
    await examination.visit("/challenge/email-code?for=step-up&returnTo=%2Fdashboard");
    expect(examination.findings).toEqual([]);
  });

  test(`lists without anything, refusals and errors are in order on ${name} in ${colorScheme}`, async ({
    newBrowser,
    signedInAs,
  }) => {
    const context = await newBrowser(look);
    const examination = await Examination.of(context, depth);
    const { page } = examination;
    await page.goto("/sign-in");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("alert").first()).toBeVisible();
    await examination.examine("sign-in with errors", { answered: true });

    await signedInAs({ roles: [], browser: context });
    await examination.visit("/dashboard");
    await examination.visit("/admin/users", { status: 403 });

    await signedInAs({ roles: ["User"], browser: context });
    await examination.visit("/invoices");
    await examination.visit("/invoices?q=nothing");
    await signedInAs({ roles: ["Manager"], browser: context });
    await page.goto("/invoices/new");
    await page.getByRole("button", { name: "Create invoice" }).click();
    await expect(page.getByText("Enter an amount.")).toBeVisible();
    await examination.examine("a new invoice with errors", { answered: true });

    await signedInAs({ roles: ["Admin"], browser: context });
    for (const list of ["users", "roles", "clients", "sessions", "audit"]) {
      await examination.visit(`/admin/${list}?q=nothing-has-this-name`);
    }
    expect(examination.findings).toEqual([]);
  });
}

test("mails on this machine and a page that broke are in order", async ({
  browser,
  newBrowser,
}) => {
  // Only without a proxy are mails shown; and what is broken here is broken for nobody else.
  const own = await startGatehouse("look", { environment: { TRUST_PROXY: "0" } });
  try {
    for (const { viewport } of WINDOWS) {
      for (const colorScheme of THEMES) {
        const look = { baseURL: own.url, viewport, colorScheme };
        const context = await newBrowser(look);
        const examination = await Examination.of(context);
        await examination.visit("/dev/mail");
        expect(examination.findings).toEqual([]);
      }
    }
    const administrator = await addPerson(own.database, { roles: ["Admin"] });
    const value = await openSession(own.database, administrator.id);
    await own.database.query("ALTER TABLE invoices RENAME TO lost");
    for (const { viewport } of WINDOWS) {
      for (const colorScheme of THEMES) {
        // Not watched: of a page that broke, the browser has to complain.
        const context = await browser.newContext({ baseURL: own.url, viewport, colorScheme });
        const examination = await Examination.of(context);
        await context.addCookies([{ name: SESSION_COOKIE, value, url: own.url }]);
        await examination.page.goto("/invoices");
        await expect(
          examination.page.getByRole("heading", { name: "Something went wrong" }),
        ).toBeVisible();
        await examination.examine("a page that broke");
        expect(examination.findings).toEqual([]);
        await context.close();
      }
    }
  } finally {
    await own.stop();
  }
});
