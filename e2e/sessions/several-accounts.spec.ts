import type { BrowserContext, Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, type Person, SESSION_COOKIE } from "../support/people";
import { expectPath, signIn } from "../support/screens";

// Several accounts in one browser, without one seeing or doing anything of the
// other's (F36).

const ACCOUNTS_COOKIE = "gatehouse_accounts";
const NOTHING_DONE = "You switched to another account after this page was loaded.";

const cookieOf = async (context: BrowserContext, name = SESSION_COOKIE) =>
  (await context.cookies()).find((cookie) => cookie.name === name);

const name = (page: Page) => page.getByRole("textbox", { name: /^Name/ });
const save = (page: Page) =>
  page
    .getByRole("form", { name: "Change name" })
    .getByRole("button", { name: "Save", exact: true });
const openMenu = (page: Page) => page.getByText("Switch account").click();
const use = (page: Page, { email }: Person) =>
  page.getByRole("button", { name: `Use ${email}` }).click();

/** Opens the sign-in of one more account and signs in. */
async function add(page: Page, person: Person): Promise<void> {
  await page.goto("/accounts");
  await page.getByRole("button", { name: "Add another account" }).click();
  await expectPath(page, "/sign-in");
  await signIn(page, person);
  await expectPath(page, "/dashboard");
}

test("two accounts are used in turn, and a tab of the one does nothing for the other (F36)", async ({
  page,
  context,
  request,
  database,
  signedInAs,
}) => {
  const first = await signedInAs({ name: "Ada First" });
  const second = await addPerson(database, { name: "Bob Second" });
  const stale = await context.newPage();
  await stale.goto("/account/profile");

  await page.goto("/dashboard");
  await openMenu(page);
  await page.getByRole("button", { name: "Add another account" }).click();
  await expectPath(page, "/sign-in");
  expect(await cookieOf(context)).toBeUndefined();
  await expect(page.getByText("This browser has other accounts")).toBeVisible();
  await signIn(page, second);
  await expectPath(page, "/dashboard");
  expect(await cookieOf(context, ACCOUNTS_COOKIE)).toMatchObject({
    httpOnly: true,
    sameSite: "Lax",
    path: "/",
  });

  // The tab of the first account says so, and what is sent from it is not done.
  await expect(stale.getByText("You switched to another account", { exact: true })).toBeVisible();
  await expect(stale.getByRole("alert").filter({ hasText: first.email })).toBeVisible();
  await name(stale).fill("Meant for Ada");
  await save(stale).click();
  await expect(stale.getByText(NOTHING_DONE)).toBeVisible();
  await expect(name(stale)).toHaveValue("Meant for Ada");
  const { rows } = await database.query<{ name: string }>(
    "SELECT name FROM users WHERE id = ANY($1) ORDER BY name",
    [[first.id, second.id]],
  );
  expect(rows.map((row) => row.name)).toEqual(["Ada First", "Bob Second"]);
  await stale.getByRole("button", { name: "Load this page again" }).click();
  await expect(name(stale)).toHaveValue("Bob Second");

  // Back to the first, with a new secret: copies of either former cookie are worth nothing.
  const copies = [first.cookie, (await cookieOf(context, ACCOUNTS_COOKIE))?.value.slice(0, 43)];
  expect(copies[1]).toBe(first.cookie);
  await page.goto("/account/profile");
  await expect(name(page)).toHaveValue("Bob Second");
  await openMenu(page);
  await page
    .getByRole("form", { name: `Switch to ${first.email}` })
    .getByRole("button")
    .click();
  await expectPath(page, "/dashboard");
  const present = await cookieOf(context);
  expect(copies).not.toContain(present?.value);
  const me = await request.get("/api/v1/me", {
    headers: { cookie: `${SESSION_COOKIE}=${first.cookie}` },
  });
  expect(me.status()).toBe(401);
  // What the browser still has of the other account is not shown as this one's.
  await page.goBack();
  await expectPath(page, "/account/profile");
  await expect(name(page)).toHaveValue("Ada First");
  await expect(stale.getByText("You switched to another account", { exact: true })).toBeVisible();
  await stale.getByRole("link", { name: "Sessions" }).first().click();
  await expect(stale.getByText("You switched to another account", { exact: true })).toHaveCount(0);
  await expect(stale.getByRole("complementary", { name: "Sidebar" })).toContainText("Ada First");
});

test("what ended elsewhere is shown as signed out, and signing out of all ends the rest (F36)", async ({
  page,
  context,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs();
  const second = await addPerson(database);
  await add(page, second);
  await page.goto("/accounts");
  await page.getByRole("button", { name: /^Use / }).click();
  await expectPath(page, "/dashboard");
  const present = await cookieOf(context);
  await database.query("UPDATE sessions SET revoked_at = now() WHERE user_id = $1", [second.id]);
  await page.goto("/accounts");
  await expect(page.getByRole("listitem").filter({ hasText: second.email })).toContainText(
    "Signed out",
  );
  await expect(page.getByRole("button", { name: `Use ${second.email}` })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: `Remove ${second.email}` }).click();
  await expect(page.getByRole("listitem").filter({ hasText: second.email })).toHaveCount(0);

  await add(page, second);
  const last = await cookieOf(context);
  await page.goto("/accounts");
  await page.getByRole("button", { name: "Sign out of all accounts" }).click();
  await expectPath(page, "/sign-in");
  expect(await cookieOf(context)).toBeUndefined();
  expect(await cookieOf(context, ACCOUNTS_COOKIE)).toBeUndefined();
  for (const cookie of [last?.value, present?.value]) {
    const headers = { cookie: `${SESSION_COOKIE}=${cookie}` };
    expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
  }
});

test("signing out of one account leads to the choice of the others", async ({
  page,
  database,
  signedInAs,
}) => {
  const first = await signedInAs();
  await add(page, await addPerson(database));
  await page.getByRole("button", { name: "Sign out", exact: true }).first().click();
  await expectPath(page, "/accounts");
  await use(page, first);
  await expectPath(page, "/dashboard");
});

test("all of it works on a phone without JavaScript", async ({
  newBrowser,
  database,
  signedInAs,
}) => {
  const browser = await newBrowser({
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await browser.newPage();
  const first = await signedInAs({ browser, name: "Ada First" });
  const second = await addPerson(database, { name: "Bob Second" });
  await add(page, second);
  const stale = await browser.newPage();
  await stale.goto("/account/profile");

  await page.getByRole("button", { name: "Open navigation" }).click();
  await openMenu(page);
  await page
    .getByRole("form", { name: `Switch to ${first.email}` })
    .getByRole("button")
    .click();
  await expectPath(page, "/dashboard");
  await name(stale).fill("Meant for Bob");
  await save(stale).click();
  await expect(stale.getByText(NOTHING_DONE)).toBeVisible();
  // The page that came back is the first account's: nothing that was typed as the second is in it.
  await expect(name(stale)).toHaveValue("Ada First");

  await page.goto("/accounts");
  await expectNoSidewaysScrolling(page);
  await use(page, second);
  await expectPath(page, "/dashboard");
  await page.goto("/accounts");
  const late = await browser.newPage();
  await late.goto("/accounts");
  await page.getByRole("button", { name: `Sign out ${first.email}` }).click();
  await expect(page.getByRole("listitem").filter({ hasText: first.email })).toHaveCount(0);
  // Nothing is there to end any more, and nothing is said to have been.
  await late.getByRole("button", { name: `Sign out ${first.email}` }).click();
  await expect(late.getByText("That account is signed out by now")).toBeVisible();
  await page.getByRole("button", { name: "Sign out of all accounts" }).click();
  await expectPath(page, "/sign-in");
});
