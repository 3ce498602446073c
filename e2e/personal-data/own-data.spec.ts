import { readFileSync } from "node:fs";
import { unzip } from "../../tests/support/unzip";
import { expect, test } from "../support/fixtures";

test("somebody takes a copy of their data (F108)", async ({ page, signedInAs }) => {
  const person = await signedInAs();
  await page.goto("/account/data");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download my data" }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^my-data-\d{4}-\d\d-\d\d\.zip$/);
  const files = unzip(readFileSync(await download.path()));
  expect(JSON.parse(files["tables/users.json"] ?? "[]")).toMatchObject([{ email: person.email }]);
  expect(files["README.txt"]).toContain("tables/sessions.json");
});

test("whoever has not just proven who they are does it before a copy is made (F22)", async ({
  page,
  signedInAs,
  database,
}) => {
  const person = await signedInAs();
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = $1",
    [person.id],
  );
  await page.goto("/account/data");
  await page.getByRole("button", { name: "Download my data" }).click();
  await expect(page).toHaveURL(/\/challenge/);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: /Confirm|Continue/ }).click();
  await expect(page).toHaveURL(/\/account\/data$/);
});

test("an account is to be deleted, is held, and is kept by the link of the mail (F109)", async ({
  page,
  signedInAs,
  mailbox,
  newBrowser,
}) => {
  const person = await signedInAs();
  await page.goto("/account/data");
  await page.getByRole("button", { name: "Delete my account" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByLabel("Your email address").fill("somebody@example.com");
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(dialog.getByText("This is not the address of your account.")).toBeVisible();
  await dialog.getByLabel("Your email address").fill(person.email);
  await dialog.getByRole("button", { name: "Delete my account" }).click();
  await expect(page.getByRole("heading", { name: "Your account is to be deleted" })).toBeVisible();
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);

  // Signed in again, there is one page.
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/account-deletion$/);
  await page.goto("/invoices");
  await expect(page).toHaveURL(/\/account-deletion$/);

  const elsewhere = await (await newBrowser()).newPage();
  await elsewhere.goto(await mailbox.linkTo(person.email));
  await elsewhere.getByRole("button", { name: "Keep my account" }).click();
  await expect(elsewhere.getByRole("heading", { name: "Your account is kept" })).toBeVisible();
  await page.goto("/invoices");
  await expect(page).toHaveURL(/\/invoices$/);
});
