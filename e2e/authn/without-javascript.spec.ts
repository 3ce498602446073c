import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath, signIn } from "../support/screens";
import { NEW_PASSWORD, newAddress } from "../support/texts";

test.use({ javaScriptEnabled: false });

test("sign-up and confirmation work without JavaScript", async ({ page, mailbox }) => {
  const email = newAddress();
  await page.goto("/sign-up");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Password", { exact: true })).toHaveAccessibleDescription(
    /at least 8/i,
  );
  await expect(page.getByLabel("Email", { exact: true })).toHaveValue(email);

  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expectPath(page, "/verify-email");
  await page.goto(await mailbox.linkTo(email));
  await page.getByRole("button", { name: "Confirm email address" }).click();
  await expect(page.getByText("Your email address is confirmed.")).toBeVisible();
  await signIn(page, { email, password: NEW_PASSWORD });
  await expectPath(page, "/dashboard");
});

test("sign-in, a deep link and sign-out work without JavaScript", async ({ page, database }) => {
  const person = await addPerson(database);
  await signIn(page, { ...person, password: "wrong" }, "/account/sessions?x=1");
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
  await signIn(page, person, "/account/sessions?x=1");
  await expectPath(page, "/account/sessions?x=1");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
});

test("a reset works without JavaScript", async ({ page, database, mailbox }) => {
  const person = await addPerson(database);
  await page.goto("/reset-password");
  await page.getByLabel("Email", { exact: true }).fill(person.email);
  await page.getByRole("button", { name: "Send link" }).click();
  await expectPath(page, "/reset-password?sent=1");
  await page.goto(await mailbox.linkTo(person.email));
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
});

test("a session is ended without JavaScript", async ({ page, signedInAs, newBrowser }) => {
  const other = await newBrowser({ userAgent: "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0" });
  const person = await signedInAs();
  const elsewhere = await other.newPage();
  await signIn(elsewhere, person);
  await expectPath(elsewhere, "/dashboard");

  await page.goto("/account/sessions");
  const item = page.getByRole("listitem").filter({ hasText: "Firefox" });
  await item.locator("summary").click();
  await item.getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Firefox" })).toHaveCount(0);
  await elsewhere.goto("/account/profile");
  await expectPath(elsewhere, "/sign-in?returnTo=%2Faccount%2Fprofile");
});
