import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath, signIn } from "../support/screens";
import { NEW_PASSWORD, newAddress } from "../support/texts";

async function signUp(page: Page, email: string, password = NEW_PASSWORD): Promise<void> {
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill("Nora Newcomer");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
}

const confirmButton = (page: Page) => page.getByRole("button", { name: "Confirm email address" });

test("a sign-up is confirmed in the browser that asked for it, and gets the role User", async ({
  page,
  mailbox,
}) => {
  const email = newAddress();
  await signUp(page, email);
  await expectPath(page, "/verify-email");
  await page.goto(await mailbox.linkTo(email));
  await expect(page.getByText(email)).toBeVisible();
  await expect(page.getByLabel("Password", { exact: true })).toHaveCount(0);
  await confirmButton(page).click();
  await expect(page.getByText("Your email address is confirmed.")).toBeVisible();

  await signIn(page, { email, password: NEW_PASSWORD });
  await expectPath(page, "/dashboard");
  await page.goto("/account/profile");
  await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Nora Newcomer");
  await expect(page.getByText("User", { exact: true })).toBeVisible();
  await page.goto("/account/security");
  await expect(page.getByText("A first password was chosen")).toBeVisible();
  await expect(page.getByText("The password was changed")).toHaveCount(0);
});

test("another browser needs the password of the sign-up (ATK-15)", async ({
  page,
  newBrowser,
  mailbox,
}) => {
  const email = newAddress();
  await signUp(page, email);
  await expectPath(page, "/verify-email");

  const elsewhere = await (await newBrowser()).newPage();
  await elsewhere.goto(await mailbox.linkTo(email));
  await elsewhere.getByLabel("Password", { exact: true }).fill("not what was chosen");
  await confirmButton(elsewhere).click();
  await expect(elsewhere.getByText("This is not the password of the sign-up.")).toBeVisible();

  await elsewhere.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await confirmButton(elsewhere).click();
  await expect(elsewhere.getByText("Your email address is confirmed.")).toBeVisible();
});

test("looking at the link does not use it up; the second click is told it was used (F1)", async ({
  page,
  request,
  mailbox,
}) => {
  const email = newAddress();
  await signUp(page, email);
  await expectPath(page, "/verify-email");
  const link = await mailbox.linkTo(email);
  for (let look = 0; look < 3; look += 1) {
    expect((await request.get(link)).status()).toBe(200);
    expect((await request.head(link)).status()).toBe(200);
  }
  await page.goto(link);
  await confirmButton(page).click();
  await expect(page.getByText("Your email address is confirmed.")).toBeVisible();

  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link has been used" })).toBeVisible();
  await expect(confirmButton(page)).toHaveCount(0);
});

test("an expired link and a mangled one say so", async ({ page, mailbox, database }) => {
  const email = newAddress();
  await signUp(page, email);
  await expectPath(page, "/verify-email");
  const link = await mailbox.linkTo(email);
  await database.query("UPDATE registrations SET expires_at = now() WHERE email = $1", [email]);
  await page.goto(link);
  await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible();
  await page.goto(link.slice(0, -3));
  await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
});

test("nobody signs in before the address is confirmed, and the owner is told why", async ({
  page,
}) => {
  const email = newAddress();
  await signUp(page, email);
  await expectPath(page, "/verify-email");
  await signIn(page, { email, password: NEW_PASSWORD });
  await expect(page.getByText("Confirm your email address first")).toBeVisible();
  await signIn(page, { email, password: "something else entirely" });
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
});

test("a known address gets the same page, and its owner a mail (ATK-38)", async ({
  page,
  mailbox,
  database,
}) => {
  const person = await addPerson(database);
  await signUp(page, person.email);
  await expectPath(page, "/verify-email");
  const mails = await mailbox.to(person.email);
  expect(mails.map(({ subject }) => subject)).toEqual(["You already have an account"]);
  // What an unknown address is told too: the sign-up itself tells nobody apart.
  await signIn(page, { email: person.email, password: NEW_PASSWORD });
  await expect(page.getByText("Confirm your email address first")).toBeVisible();
  await signIn(page, { email: person.email, password: "something else entirely" });
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
});

test.describe("a refused password", () => {
  for (const [password, reason] of [
    ["short", /at least 8/i],
    ["password123", /on lists that attackers try first/],
    ["gatehouse1", /too close to your name/],
  ] as const) {
    test(`"${password}" is refused with its reason, and nothing else is lost`, async ({ page }) => {
      const email = newAddress();
      await signUp(page, email, password);
      const field = page.getByLabel("Password", { exact: true });
      await expect(field).toHaveAccessibleDescription(reason);
      await expect(page.getByLabel("Email", { exact: true })).toHaveValue(email);
      await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Nora Newcomer");
    });
  }
});

test("the meter judges while somebody types", async ({ page }) => {
  await page.goto("/sign-up");
  const meter = page.getByRole("meter");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill("password");
  await expect(meter).toHaveAttribute("aria-valuetext", "Very weak");
  await password.fill(NEW_PASSWORD);
  await expect(meter).toHaveAttribute("aria-valuetext", "Strong");
  const email = "quillwort.underhill@example.com";
  await page.getByLabel("Email", { exact: true }).fill(email);
  await password.fill(email);
  await expect(meter).toHaveAttribute("aria-valuetext", "Very weak");
  await expect(page.getByText("It is too close to your name, your address")).toBeVisible();
});
