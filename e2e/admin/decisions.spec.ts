import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole } from "../support/people";

const PHONE = { width: 390, height: 844 };

test("whoever is refused is told of what kind the reason is, and no more (F95)", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: [] });
  const response = await page.goto("/admin/keys");
  expect(response?.status()).toBe(403);
  await expect(page.getByText("Nothing that you have been given includes it.")).toBeVisible();
  const id = await page.getByRole("main").locator("code").innerText();
  await expect(page.getByRole("link", { name: "Ask for access" })).toHaveAttribute(
    "href",
    `/account/requests/new?decision=${id}`,
  );
  await expect(page.getByRole("link", { name: "See why" })).toHaveCount(0);
  expect((await page.goto(`/admin/decisions/${id}`))?.status()).toBe(403);
});

test("who may see decisions gets from the refusal to its reason (F95)", async ({
  page,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_decisions", "view_audit_log"]);
  const person = await signedInAs({ roles: [role] });
  await page.goto("/admin/keys");
  await page.getByRole("link", { name: "See why" }).click();
  await expect(page.getByRole("heading", { name: "Decision", exact: true })).toBeVisible();
  await expect(page.getByText("Nothing gives it.")).toBeVisible();
  await expect(page.getByText(person.email).last()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
  await page.getByRole("link", { name: "In the audit log" }).click();
  await page.getByText("authorization.denied").last().click();
  await page.getByRole("link", { name: "Why it was refused" }).click();
  await expect(page.getByText("Nothing gives it.")).toBeVisible();
});

test("a decision is tried out without script, and its address has the question (F96)", async ({
  newBrowser,
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database, { roles: ["User"] });
  await page.goto("/admin/simulate");
  await page.getByLabel("Email address or id").fill(person.email);
  await page.getByLabel("Permission").selectOption("view_invoice");
  await page.getByRole("button", { name: "Try out" }).click();
  await expect(page.getByText("They may do this.")).toBeVisible();
  await expect(page.getByText("the record is their own")).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);

  const context = await newBrowser({
    javaScriptEnabled: false,
    storageState: await page.context().storageState(),
  });
  const plain = await context.newPage();
  await plain.goto(page.url());
  await plain.getByLabel("Permission").selectOption("delete_invoice");
  await plain.getByRole("button", { name: "Try out" }).click();
  await expect(plain.getByText("Nothing gives it.")).toBeVisible();
  expect(plain.url()).toContain("permission=delete_invoice");
  await plain.goto("/admin/simulate?subject=nobody%40example.com&permission=view_invoice");
  await expect(plain.getByText("There is nobody like this in your organization.")).toBeVisible();
});

test("who may do what is listed with its ways, from either side, and kept as a file (F97)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["reset_factors"]);
  const person = await addPerson(database, { roles: [role] });
  await page.goto("/admin/access");
  await page.getByLabel("Who may").selectOption("reset_factors");
  await page.getByRole("button", { name: "Apply" }).click();
  const row = page.getByRole("row").filter({ hasText: person.email });
  await expect(row).toContainText(role);
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
  await row.getByRole("link", { name: person.email }).click();
  await expect(page.getByText(`By ${role}`)).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);
  await page.getByRole("link", { name: /Which records/ }).click();
  await expect(page.getByRole("heading", { name: "Records for reset_factors" })).toBeVisible();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export as CSV" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe("access.csv");
});
