import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, type Person } from "../support/people";
import { expectPath, signIn } from "../support/screens";

// Organizations: who belongs, who is asked in, and in which one somebody is (F81, F82).

const PHONE = { width: 390, height: 844 };

const aName = (): string => `Contoso ${randomBytes(4).toString("hex")}`;
const slugOf = (name: string): string => name.toLowerCase().replace(" ", "-");
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name });

/** An organization with this member, written past the pages. */
async function addOrganization(database: pg.Pool, name: string, { id }: Person): Promise<string> {
  const organizationId = newId();
  await database.query("INSERT INTO organizations (id, slug, name) VALUES ($1, $2, $3)", [
    organizationId,
    slugOf(name),
    name,
  ]);
  await database.query("INSERT INTO memberships (organization_id, user_id) VALUES ($1, $2)", [
    organizationId,
    id,
  ]);
  return organizationId;
}

/** In the menu of the account, on whatever page it is. */
async function switchTo(page: Page, name: string): Promise<void> {
  await page.locator("summary", { hasText: "Switch organization" }).click();
  await page
    .getByRole("form", { name: `Switch to ${name}` })
    .getByRole("button")
    .click();
  await expectPath(page, "/dashboard");
  await expect(
    page.locator("summary", { hasText: `Switch organization, now ${name}` }),
  ).toBeVisible();
}

async function invite(page: Page, { email }: { email: string }, role?: string): Promise<void> {
  await page.getByLabel("Email", { exact: true }).fill(email);
  if (role !== undefined) await page.getByRole("checkbox", { name: role, exact: true }).check();
  await page.getByRole("button", { name: "Send invitation" }).click();
  await expect(page.getByText(`An invitation to ${email} is on its way.`)).toBeVisible();
}

test("an organization is made, somebody invited comes in, switches and leaves again (F81, F82)", async ({
  page,
  database,
  mailbox,
  newBrowser,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const name = aName();
  await page.goto("/admin/organizations");
  await page.getByRole("link", { name: "New organization" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Short name").fill(slugOf(name));
  await page.getByRole("button", { name: "Create organization" }).click();
  await expect(page.getByText(`${name} is created.`)).toBeVisible();
  await switchTo(page, name);
  await page.goto(`/admin/organizations?q=${slugOf(name)}`);
  await page.getByRole("link", { name }).click();
  await expect(heading(page, name)).toBeVisible();

  const guest = await addPerson(database, { roles: [] });
  await invite(page, guest, "Manager");
  await expect(page.getByRole("listitem").filter({ hasText: guest.email })).toContainText(
    "With Manager",
  );

  const theirs = await (await newBrowser()).newPage();
  const link = await mailbox.linkTo(guest.email);
  await theirs.goto(link);
  await expect(theirs.getByText(name)).toBeVisible();
  await theirs.getByRole("button", { name: "Sign in" }).click();
  await expect(theirs.getByLabel("Password", { exact: true })).toBeVisible();
  const { pathname, search } = new URL(theirs.url());
  // What is returned to bears no secret.
  expect(search).toBe("?returnTo=%2Finvitations");
  await signIn(theirs, guest, `${pathname}${search}`);
  await expectPath(theirs, "/invitations");
  await theirs.getByRole("button", { name: "Accept" }).click();
  await expectPath(theirs, "/dashboard");
  await expect(theirs.getByText(`You are a member of ${name} now`)).toBeVisible();
  await expect(theirs.getByRole("link", { name: "Invoices", exact: true })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("row", { name: guest.name })).toContainText("Manager");
  await expect(page.getByText("Nobody is invited who has not answered.")).toBeVisible();

  // With the roles of there, and without those of here.
  await theirs.goto("/account/organizations");
  await theirs.getByRole("button", { name: /^Switch to (?!Contoso)/ }).click();
  await expectPath(theirs, "/dashboard");
  await expect(theirs.getByRole("link", { name: "Invoices", exact: true })).toHaveCount(0);
  await theirs.goto("/account/organizations");
  await theirs.getByRole("button", { name: `Leave ${name}` }).click();
  await theirs.getByRole("button", { name: "Leave", exact: true }).click();
  await expect(theirs.getByText("You have left the organization.")).toBeVisible();
  await expect(theirs.getByText(name)).toHaveCount(0);

  await theirs.goto(link);
  await expect(heading(theirs, "This invitation has been used")).toBeVisible();
});

test("an invitation shows another account whom it is for, masked, and leads to the right one (ATK-47)", async ({
  page,
  database,
  mailbox,
  newBrowser,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  const name = aName();
  const id = await addOrganization(database, name, admin);
  await page.goto("/dashboard");
  await switchTo(page, name);
  await page.goto(`/admin/organizations/${id}`);
  const guest = await addPerson(database, { roles: [] });
  await invite(page, guest);
  const former = await mailbox.linkTo(guest.email);
  await page.getByRole("button", { name: `Send again to ${guest.email}` }).click();
  await expect(page.getByText("It is on its way again")).toBeVisible();
  const link = await mailbox.linkTo(guest.email);

  const browser = await newBrowser();
  const theirs = await browser.newPage();
  await signedInAs({ browser, roles: [] });
  await theirs.goto(former);
  await expect(heading(theirs, "This invitation does not work")).toBeVisible();
  await theirs.goto(link);
  await expect(heading(theirs, "This is for another address")).toBeVisible();
  await expect(theirs.getByText(`${guest.email.slice(0, 1)}…@example.com`)).toBeVisible();
  await expect(theirs.getByText(guest.email)).toHaveCount(0);
  await theirs.getByRole("button", { name: "Use another account" }).click();
  await expectPath(theirs, "/accounts?returnTo=%2Finvitations");
  await theirs.getByRole("button", { name: "Add another account" }).click();
  await expect(theirs.getByLabel("Password", { exact: true })).toBeVisible();
  const { pathname, search } = new URL(theirs.url());
  await signIn(theirs, guest, `${pathname}${search}`);
  await expectPath(theirs, "/invitations");
  await expect(theirs.getByRole("button", { name: "Accept" })).toBeVisible();

  await page.getByRole("button", { name: `Revoke the invitation of ${guest.email}` }).click();
  await page.getByRole("button", { name: "Revoke invitation" }).click();
  await expect(page.getByText("The invitation is taken back.")).toBeVisible();
  await theirs.getByRole("button", { name: "Accept" }).click();
  await expect(heading(theirs, "This invitation was taken back")).toBeVisible();
});

test("a page of one organization does nothing in the other, and says so (F81)", async ({
  page,
  context,
  database,
  signedInAs,
}) => {
  const person = await signedInAs({ roles: ["Admin"] });
  const name = aName();
  await addOrganization(database, name, person);
  const stale = await context.newPage();
  await stale.goto("/invoices/new");
  await page.goto("/dashboard");
  await switchTo(page, name);
  await expect(
    stale.getByText("You switched to another organization", { exact: true }),
  ).toBeVisible();
  await stale.getByLabel("Customer").fill(name);
  await stale.getByLabel("Amount").fill("12.50");
  await stale.getByRole("button", { name: "Create invoice" }).click();
  await expect(
    stale.getByText("You switched to another organization after this page was loaded."),
  ).toBeVisible();
  const { rowCount } = await database.query("SELECT 1 FROM invoices WHERE customer = $1", [name]);
  expect(rowCount).toBe(0);
});

test("without script one switches, and is asked before one leaves (F81)", async ({
  database,
  newBrowser,
  signedInAs,
}) => {
  const browser = await newBrowser({ javaScriptEnabled: false });
  const person = await signedInAs({ browser });
  const name = aName();
  const id = await addOrganization(database, name, person);
  const page = await browser.newPage();
  await page.goto("/dashboard");
  await switchTo(page, name);
  const { rows } = await database.query<{ organization_id: string }>(
    "SELECT organization_id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL",
    [person.id],
  );
  expect(rows).toEqual([{ organization_id: id }]);
  await page.goto("/account/organizations");
  await page.getByLabel(`Leave ${name}`, { exact: true }).click();
  await page.getByRole("button", { name: "Leave", exact: true }).click();
  await expectPath(page, "/sign-in");
  await signIn(page, person);
  await expectPath(page, "/dashboard");
});

test("whoever sees their own organization only is led to it, and finds nothing to change", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: [await addRole(database, ["view_organization"])] });
  const { rows } = await database.query<{ id: string }>(
    "SELECT default_organization_id AS id FROM instance",
  );
  await page.goto("/admin/organizations");
  await expectPath(page, `/admin/organizations/${rows[0]?.id}`);
  await expect(page.getByRole("heading", { name: "Members" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Send invitation" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Save", exact: true })).toHaveCount(0);
});

test("the pages of organizations are accessible and fit a telephone", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  await addOrganization(database, aName(), admin);
  const { rows } = await database.query<{ id: string }>(
    "SELECT default_organization_id AS id FROM instance",
  );
  const paths = [
    "/admin/organizations",
    "/admin/organizations/new",
    `/admin/organizations/${rows[0]?.id}`,
    "/account/organizations",
    "/invitations",
  ];
  await page.setViewportSize(PHONE);
  for (const path of paths) {
    await page.goto(path);
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  }
});
