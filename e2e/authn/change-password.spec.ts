import { expect, test } from "../support/fixtures";
import { openSession } from "../support/people";
import { signIn } from "../support/screens";
import { NEW_PASSWORD } from "../support/texts";

test("a changed password ends every other session and keeps this one (F16)", async ({
  page,
  request,
  database,
  signedInAs,
  mailbox,
  newBrowser,
}) => {
  const person = await signedInAs();
  const other = await openSession(database, person.id);
  await page.goto("/account/security");
  await page.getByLabel("Current password", { exact: true }).fill("not this one");
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByLabel("Current password", { exact: true })).toHaveAccessibleDescription(
    /This is not your password/,
  );

  await page.getByLabel("Current password", { exact: true }).fill(person.password);
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed. One other session ended.")).toBeVisible();

  const cookie = `gatehouse_session=${other}`;
  expect((await request.get("/api/v1/me", { headers: { cookie } })).status()).toBe(401);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Security", level: 1 })).toBeVisible();
  expect((await mailbox.to(person.email)).at(-1)?.subject).toBe("Your password was changed");

  const elsewhere = await (await newBrowser()).newPage();
  await signIn(elsewhere, { ...person, password: NEW_PASSWORD });
  await expect(elsewhere.getByRole("main")).toBeVisible();
});
