import type { Page } from "@playwright/test";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { send } from "../support/http";

const TOKEN = /^gatehouse_pat_\w{49}$/;

/** Fills the form in and sends it; the token that is shown then. */
async function makeToken(page: Page, name: string): Promise<string> {
  await page.goto("/account/tokens");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Ends after").selectOption("30 days");
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText("Copy it now: it is not shown again")).toBeVisible();
  const shown = page.getByRole("region", { name: "your new token" });
  await expect(shown).toHaveText(TOKEN);
  return (await shown.textContent()) ?? "";
}

const ask = (token: string) =>
  send(running().url, { path: "/api/v1/me", headers: { authorization: `Bearer ${token}` } });

test("somebody makes a token, uses it and revokes it (F41)", async ({
  page,
  signedInAs,
  mailbox,
}) => {
  const person = await signedInAs();
  await page.goto("/account/tokens");
  await expect(page.getByText("No tokens yet")).toBeVisible();
  await page.getByLabel("Read", { exact: true }).uncheck();
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByText("Say what the token is for.")).toBeVisible();

  const token = await makeToken(page, "Deploy");
  const items = page.getByRole("main").getByRole("listitem");
  await expect(items).toContainText(["Deploy"]);
  await expect(items).toContainText(["not used yet"]);
  expect(JSON.parse((await ask(token)).text)).toMatchObject({ id: person.id, session: null });
  await expect
    .poll(async () => (await mailbox.to(person.email)).at(-1)?.subject)
    .toBe("A personal access token was made");

  await page.reload();
  await expect(page.getByText(token)).toHaveCount(0);
  await expect(items).toContainText(["last used"]);
  await page.getByRole("button", { name: "Revoke the token Deploy" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Revoke token" }).click();
  await expect(page.getByText("The token is revoked.")).toBeVisible();
  await expect(page.getByText("No tokens yet")).toBeVisible();
  expect((await ask(token)).status).toBe(401);
});

test("whoever has not just proven who they are does it first, and loses nothing typed", async ({
  page,
  signedInAs,
  database,
}) => {
  const person = await signedInAs();
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = $1",
    [person.id],
  );
  await page.goto("/account/tokens");
  await page.getByLabel("Name").fill("Nightly");
  await page.getByRole("button", { name: "Make token" }).click();
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: /^(Confirm|Continue)/ }).click();
  await expect(page.getByLabel("Name")).toHaveValue("Nightly");
  await page.getByRole("button", { name: "Make token" }).click();
  await expect(page.getByRole("region", { name: "your new token" })).toHaveText(TOKEN);
});

test("an administrator revokes somebody's token", async ({ page, newBrowser, signedInAs }) => {
  const owner = await signedInAs();
  const token = await makeToken(page, "Forgotten script");
  const browser = await newBrowser();
  await signedInAs({ roles: ["Admin"], browser });
  const admin = await browser.newPage();
  await admin.goto(`/admin/users/${owner.id}`);
  await admin.getByRole("button", { name: "Revoke the token Forgotten script" }).click();
  await admin.getByRole("alertdialog").getByRole("button", { name: "Revoke token" }).click();
  await expect(admin.getByText("The token is revoked.")).toBeVisible();
  expect((await ask(token)).status).toBe(401);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a token is made, shown once and revoked", async ({ page, signedInAs }) => {
    await signedInAs();
    const token = await makeToken(page, "Cron");
    expect((await ask(token)).status).toBe(200);
    await page.goto("/account/tokens");
    await expect(page.getByText(token)).toHaveCount(0);
    await page.getByText("Revoke", { exact: true }).click();
    await page.getByRole("button", { name: "Revoke token" }).click();
    await expect(page.getByText("No tokens yet")).toBeVisible();
    expect((await ask(token)).status).toBe(401);
  });
});
