import type pg from "pg";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };
const REASON = "Their question about an invoice";

const prove = (database: pg.Pool, userId: string) =>
  database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [userId]);

for (const javaScriptEnabled of [true, false]) {
  test(`an administrator acts as a user and comes back, ${javaScriptEnabled ? "with" : "without"} script (F101)`, async ({
    newBrowser,
    database,
    signedInAs,
    mailbox,
  }) => {
    const browser = await newBrowser({ javaScriptEnabled });
    const page = await browser.newPage();
    const admin = await signedInAs({ roles: ["Admin"], browser });
    await prove(database, admin.id);
    const user = await addPerson(database, { roles: ["Manager"] });
    await page.goto(`/admin/users/${user.id}`);
    const form = page.getByRole("form", { name: `Act as ${user.email}` });
    await form.getByLabel("Reason").fill(REASON);
    await form.getByRole("button", { name: "Act as this user" }).click();

    await expectPath(page, "/dashboard");
    for (const path of ["/invoices", "/account/security", "/account/activity"]) {
      await page.goto(path);
      const banner = page.getByRole("region", { name: "Impersonation" });
      await expect(banner).toContainText(`You act as ${user.email}`);
      await expect(banner).toContainText(admin.email);
      await expect(banner).toContainText(REASON);
    }
    await expect(page.getByText("An administrator began to act as you")).toBeVisible();
    await expect(page.getByRole("button", { name: "Sign out" })).toHaveCount(0);

    const refused = await page.goto("/admin/users");
    expect(refused?.status()).toBe(403);
    // A refusal is drawn by script: without it the way back is on every other page.
    if (javaScriptEnabled) {
      await expect(page.getByRole("heading", { name: "This is left to the user" })).toBeVisible();
    } else await page.goto("/dashboard");
    await page.getByRole("button", { name: "Stop impersonating" }).click();
    await expectPath(page, `/admin/users/${user.id}`);
    await expect(page.getByText("User impersonation ended")).toBeVisible();
    const mails = await mailbox.to(user.email);
    expect(mails.map(({ subject }) => subject)).toEqual(["An administrator used your account"]);
    expect(mails[0]?.text).toContain(REASON);
  });
}

test("nobody acts as an administrator, and the form says why (ATK-42)", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  await prove(database, admin.id);
  const other = await addPerson(database, { roles: ["Admin"] });
  await page.goto(`/admin/users/${other.id}`);
  const form = page.getByRole("form", { name: `Act as ${other.email}` });
  await form.getByLabel("Reason").fill(REASON);
  await form.getByRole("button", { name: "Act as this user" }).click();
  await expect(page.getByText(/nobody acts as an administrator/)).toBeVisible();
  await expect(form.getByLabel("Reason")).toHaveValue(REASON);
});

test("when it is over, the way back is on the page to sign in", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  await prove(database, admin.id);
  const user = await addPerson(database);
  await page.goto(`/admin/users/${user.id}`);
  const form = page.getByRole("form", { name: `Act as ${user.email}` });
  await form.getByLabel("Reason").fill(REASON);
  await form.getByRole("button", { name: "Act as this user" }).click();
  await expectPath(page, "/dashboard");
  await database.query("UPDATE sessions SET revoked_at = now() WHERE user_id = $1", [user.id]);
  await page.goto("/dashboard");
  await expectPath(page, "/sign-in?returnTo=%2Fdashboard");
  await expect(page.getByText(`You are still signed in as ${admin.email}.`)).toBeVisible();
  await page.getByRole("button", { name: "Go on as yourself" }).click();
  await expectPath(page, `/admin/users/${user.id}`);
});

test("a user's page, their activity and the banner are accessible, and fit a phone", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  await prove(database, admin.id);
  const user = await addPerson(database, { name: "A name that is rather long and does not stop" });
  const look = async () => {
    await expectAccessible(page);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScrolling(page);
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  await page.goto(`/admin/users/${user.id}`);
  await look();
  const contents = page.getByRole("navigation", { name: "On this page" });
  for (const link of await contents.getByRole("link").all()) {
    const id = (await link.getAttribute("href"))?.slice(1) ?? "";
    await expect(page.locator(`section#${id}`)).toHaveCount(1);
  }
  const form = page.getByRole("form", { name: `Act as ${user.email}` });
  await form.getByLabel("Reason").fill(REASON);
  await form.getByRole("button", { name: "Act as this user" }).click();
  await expectPath(page, "/dashboard");
  await look();
  await page.goto("/account/activity");
  await look();
  await page.goto("/account/activity?kind=refusals");
  await expect(page.getByText("Nothing of this kind")).toBeVisible();
});
