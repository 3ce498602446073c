import { expect, test } from "../support/fixtures";

test("an address changes once both mailboxes have confirmed, and the former one takes it back (F106)", async ({
  page,
  signedInAs,
  mailbox,
  newBrowser,
}) => {
  const person = await signedInAs();
  const to = `changed-${person.id}@example.com`;
  await page.goto("/account/profile");
  await page.getByLabel("New email address").fill(to);
  await page.getByRole("button", { name: "Change address" }).click();
  await expect(page.getByText("A change waits for your confirmation")).toBeVisible();
  await expect(page.getByText("Waiting for the link")).toHaveCount(2);

  // Signed out, as in a mailbox on another device.
  const elsewhere = await (await newBrowser()).newPage();
  await elsewhere.goto(await mailbox.linkTo(person.email));
  await elsewhere.getByRole("button", { name: "Confirm the change" }).click();
  await expect(elsewhere.getByRole("heading", { name: "This address is confirmed" })).toBeVisible();
  await elsewhere.goto(await mailbox.linkTo(to));
  await expect(elsewhere.getByRole("heading", { name: "Sign in first" })).toBeVisible();

  await page.reload();
  await expect(page.getByText("Confirmed")).toBeVisible();
  await page.goto(await mailbox.linkTo(to));
  await page.getByRole("button", { name: "Confirm the change" }).click();
  await expect(page.getByRole("heading", { name: "Your address is changed" })).toBeVisible();
  await page.getByRole("link", { name: "Go to your profile" }).click();
  await expect(page.getByRole("form", { name: "Change email address" })).toContainText(to);

  await elsewhere.goto(await mailbox.linkTo(person.email));
  await elsewhere.getByRole("button", { name: "Take the account back" }).click();
  await expect(
    elsewhere.getByRole("heading", { name: "Your account has its address back" }),
  ).toBeVisible();
  await page.goto("/account/profile");
  await expect(page).toHaveURL(/\/sign-in/);
  await elsewhere.goto(await mailbox.linkTo(person.email));
  await expect(elsewhere.getByRole("heading", { name: "Choose a new password" })).toBeVisible();
});

test("what was typed is there after the step-up, and a change can be cancelled", async ({
  page,
  signedInAs,
  database,
}) => {
  const person = await signedInAs();
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = $1",
    [person.id],
  );
  const to = `later-${person.id}@example.com`;
  await page.goto("/account/profile");
  await page.getByLabel("New email address").fill(to);
  await page.getByRole("button", { name: "Change address" }).click();
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: /Confirm|Continue/ }).click();
  await expect(page.getByLabel("New email address")).toHaveValue(to);
  await page.getByRole("button", { name: "Change address" }).click();
  await page.getByRole("button", { name: "Cancel the change" }).click();
  await expect(page.getByLabel("New email address")).toBeVisible();
});
