import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";

test("somebody finds a user by the keyboard alone, from anywhere, and is back where they were after Escape", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database, { name: "Quentin Palette" });
  await page.goto("/admin/roles");
  const opener = page.getByRole("button", { name: "Search", exact: true });
  await opener.focus();
  await page.keyboard.press("Control+K");
  const field = page.getByRole("combobox", { name: /^Search pages/ });
  await expect(field).toBeFocused();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(field).toBeHidden();
  await expect(opener).toBeFocused();

  await page.keyboard.press("Enter");
  await expect(field).toBeFocused();
  await page.keyboard.type("quentin pal");
  const options = page.getByRole("listbox", { name: "Found" }).getByRole("option");
  await expect(options).toHaveCount(1);
  await expect(options.first()).toContainText(person.email);
  await expect(options.first()).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("dialog").getByRole("status")).toHaveText("1 found.");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`/admin/users/${person.id}`);
  await expect(field).toBeHidden();
});

test("pages and things to do are chosen by arrows, and nothing is offered that somebody may not open", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/audit");
  await page.keyboard.press("Control+K");
  const options = page.getByRole("listbox", { name: "Found" }).getByRole("option");
  await page.keyboard.type("new");
  await expect(options.filter({ hasText: "New user" })).toHaveCount(1);
  const chosen = options.and(page.locator('[aria-selected="true"]'));
  const first = await chosen.textContent();
  await page.keyboard.press("ArrowDown");
  await expect(chosen).not.toHaveText(String(first));
  await page.keyboard.press("ArrowUp");
  await expect(chosen).toHaveText(String(first));
  await page.getByRole("combobox").fill("new role");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL("/admin/roles/new");

  await signedInAs({ roles: ["User"] });
  await page.goto("/dashboard");
  await page.keyboard.press("Control+K");
  await page.keyboard.type("user");
  await expect(page.getByText("Nothing that you may see has this name")).toBeVisible();
  await expect(options).toHaveCount(0);
});

test("a search that fails says so, and goes on when something else is typed", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/audit");
  await page.route("**/api/v1/search?q=broken", (route) => route.fulfill({ status: 429 }));
  await page.keyboard.press("Control+K");
  await page.keyboard.type("broken");
  await expect(page.getByText("The search did not answer.")).toBeVisible();
  await page.getByRole("combobox").fill("nothing has this name");
  await expect(page.getByText("Nothing that you may see has this name")).toBeVisible();
});

test("without script a page finds the same", async ({ newBrowser, database, signedInAs }) => {
  const browser = await newBrowser({ javaScriptEnabled: false });
  await signedInAs({ roles: ["Admin"], browser });
  const person = await addPerson(database, { name: "Wilhelmina Palette" });
  const page = await browser.newPage();
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: "Search", exact: true }).click();
  await page.getByRole("searchbox").fill("wilhelmina");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL("/admin/search?q=wilhelmina");
  await page.getByRole("main").getByRole("link", { name: person.email }).click();
  await expect(page).toHaveURL(`/admin/users/${person.id}`);
});

test("the palette fits a phone, over its drawer", async ({ page, signedInAs }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/roles");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("combobox", { name: /^Search pages/ })).toBeFocused();
  await expect(page.getByRole("button", { name: "Close navigation" })).toBeHidden();
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);
});
