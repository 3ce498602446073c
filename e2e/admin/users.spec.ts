import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { addInvoice } from "../support/invoices";
import { addPerson, addRole, openSession } from "../support/people";
import { expectPath, signIn } from "../support/screens";
import { callServerAction, findServerAction } from "../support/server-actions";
import { NEW_PASSWORD, newAddress, newName } from "../support/texts";

const PHONE = { width: 390, height: 844 };

const rowOf = (page: Page, text: string) =>
  page.getByRole("table", { name: "Users" }).getByRole("row").filter({ hasText: text });

const saveRoles = (page: Page) => page.getByRole("button", { name: "Save roles" });

test("a user is found by name, status and role, and the address says how", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const family = randomBytes(4).toString("hex");
  const wanted = await addPerson(database, { name: `Zoë 100% ${family}`, roles: ["Manager"] });
  await addPerson(database, { name: `Zoë 1000 ${family}`, roles: ["Manager"] });
  const search = `zoë 100% ${family}`;
  await page.goto("/admin/users");
  await page.getByRole("searchbox", { name: "Search" }).fill(search);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Manager" });
  await page.getByLabel("Status", { exact: true }).selectOption({ label: "Active" });
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/q=zo%C3%AB\+100%25\+\w+&status=active&role=[\w-]+$/);
  const rows = page.getByRole("table", { name: "Users" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText(wanted.email);

  await page.reload();
  await expect(page.getByRole("searchbox", { name: "Search" })).toHaveValue(search);
  await page.getByRole("link", { name: "Email", exact: true }).click();
  await expect(page).toHaveURL(/sort=email/);
  await expect(rows).toHaveCount(2);
  await page.getByRole("link", { name: "Clear" }).click();
  await expect(page).toHaveURL(/\/admin\/users\?sort=email$/);
});

test("pages of users lead on and back", async ({ page, database, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  const name = `Turner ${randomBytes(4).toString("hex")}`;
  for (let count = 0; count < 26; count += 1) await addPerson(database, { name });
  await page.goto(`/admin/users?${new URLSearchParams({ q: name })}`);
  const rows = page.getByRole("table", { name: "Users" }).getByRole("row");
  await expect(rows).toHaveCount(26);
  const first = await rows.nth(1).textContent();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole("link", { name: "Previous" }).click();
  await expect(rows).toHaveCount(26);
  await expect(rows.nth(1)).toHaveText(first ?? "");
});

test("somebody invited chooses a password by mail, and can do what their roles allow", async ({
  page,
  signedInAs,
  mailbox,
  newBrowser,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const email = newAddress();
  await page.goto("/admin/users");
  await page.getByRole("link", { name: "New user" }).click();
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Name", { exact: false }).fill("Ines Invited");
  await page.getByRole("checkbox", { name: "User" }).uncheck();
  await page.getByRole("checkbox", { name: "Manager" }).check();
  await page.getByRole("button", { name: "Create user" }).click();
  await expect(page.getByRole("heading", { name: "Ines Invited" })).toBeVisible();
  await expect(page.getByText(`${email} is invited by mail.`)).toBeVisible();
  await expect(page.getByText("Invited", { exact: true })).toBeVisible();

  const invited = await (await newBrowser()).newPage();
  await invited.goto(await mailbox.linkTo(email));
  await invited.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await invited.getByRole("button", { name: "Set password" }).click();
  await expect(invited.getByText(/^Your password is/)).toBeVisible();
  await signIn(invited, { email, password: NEW_PASSWORD }, "/invoices");
  await expect(invited.getByRole("link", { name: "New invoice" }).first()).toBeVisible();

  await page.reload();
  await expect(page.getByText("Active", { exact: true })).toBeVisible();
});

test("an address that has a user is refused, and what was typed stays", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const taken = await addPerson(database);
  await page.goto("/admin/users/new");
  await page.getByLabel("Email", { exact: true }).fill(taken.email);
  await page.getByRole("checkbox", { name: "Manager" }).check();
  await page.getByRole("button", { name: "Create user" }).click();
  await expect(page.getByLabel("Email", { exact: true })).toHaveAccessibleDescription(
    "Another user has this address.",
  );
  await expect(page.getByLabel("Email", { exact: true })).toBeFocused();
  await expect(page.getByRole("checkbox", { name: "Manager" })).toBeChecked();
});

test("roles that are saved hold from the user's next request: page, API and action (D5)", async ({
  page,
  request,
  database,
  clientAddress,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database, { roles: [] });
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  const { url } = running();
  const written = async () => {
    const counted = "SELECT 1 FROM invoices WHERE owner_id = $1";
    return (await database.query(counted, [person.id])).rowCount;
  };
  const statuses = async () => ({
    page: (await request.get("/invoices/new", { headers })).status(),
    api: (await request.get("/api/v1/invoices", { headers })).status(),
    action: (
      await callServerAction(url, {
        action: findServerAction("app/(product)/invoices/actions.ts#createInvoiceAction"),
        path: "/invoices/new",
        account: person.id,
        fields: { customer: newName("Next"), amount: "1", currency: "EUR" },
        headers: { ...headers, origin: url, "x-forwarded-for": clientAddress },
      })
    ).status,
  });
  expect(await statuses()).toEqual({ page: 403, api: 403, action: 403 });

  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("checkbox", { name: "Manager" }).check();
  await saveRoles(page).click();
  await expect(page.getByText("The roles are saved.")).toBeVisible();
  expect(await statuses()).toEqual({ page: 200, api: 200, action: 200 });
  expect(await written()).toBe(1);
  await page.reload();
  await expect(page.getByRole("link", { name: "User role assigned" })).toBeVisible();

  await page.getByRole("checkbox", { name: "Manager" }).uncheck();
  await saveRoles(page).click();
  await expect(page.getByText("The roles are saved.")).toBeVisible();
  expect(await statuses()).toEqual({ page: 403, api: 403, action: 403 });
  expect(await written()).toBe(1);
});

test("whoever takes a role from themselves is told what they lose, and asked first (ATK-44)", async ({
  page,
  signedInAs,
}) => {
  const person = await signedInAs({ roles: ["Admin", "Manager"] });
  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("checkbox", { name: "Admin" }).uncheck();
  await saveRoles(page).click();
  await expect(page.getByText(/You would lose this yourself: .*manage_roles/)).toBeVisible();
  const confirm = page.getByRole("checkbox", { name: /I accept that I lose/ });
  await expect(confirm).toBeFocused();
  await expect(page.getByRole("checkbox", { name: "Admin" })).not.toBeChecked();
  await page.reload();
  await expect(page.getByRole("checkbox", { name: "Admin" })).toBeChecked();

  await page.getByRole("checkbox", { name: "Admin" }).uncheck();
  await saveRoles(page).click();
  await confirm.check();
  await saveRoles(page).click();
  await expectPath(page, "/dashboard");
  const links = page.getByRole("navigation").getByRole("link");
  await expect(links.filter({ hasText: "Users" })).toHaveCount(0);
});

test("disabling signs the user out everywhere, and can be taken back", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("button", { name: "Disable user" }).click();
  await expect(page.getByText("Disabled", { exact: true })).toBeVisible();
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText("Active", { exact: true })).toBeVisible();
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
});

test("sessions of a user are ended one by one and all together", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  for (let count = 0; count < 3; count += 1) await openSession(database, person.id);
  await page.goto(`/admin/users/${person.id}`);
  const ends = page.getByRole("button", { name: /^End the session of/ });
  await expect(ends).toHaveCount(3);
  await ends.first().click();
  await page.getByRole("button", { name: "End session", exact: true }).click();
  await expect(ends).toHaveCount(2);
  await page.getByRole("button", { name: "End all" }).click();
  await page.getByRole("button", { name: "End all sessions" }).click();
  await expect(page.getByText("The user is signed in nowhere.")).toBeVisible();
});

test("a deleted user is gone, which the list says", async ({ page, database, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete user" }).click();
  await expectPath(page, "/admin/users");
  await expect(page.getByText(`${person.email} is deleted.`)).toBeVisible();
  await expect(rowOf(page, person.email)).toHaveCount(0);
  const answer = await page.goto(`/admin/users/${person.id}`);
  expect(answer?.status()).toBe(404);
});

test("a reset link goes to the user and is never shown to whoever sends it", async ({
  page,
  database,
  signedInAs,
  mailbox,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  await page.goto(`/admin/users/${person.id}`);
  await page.getByRole("button", { name: "Send reset link" }).click();
  await page.getByRole("button", { name: "Send mail" }).click();
  await expect(page.getByText(/is on its way/)).toBeVisible();
  const link = await mailbox.linkTo(person.email);
  const token = new URL(link).searchParams.get("token");
  expect(token).toBeTruthy();
  expect(await page.content()).not.toContain(token);
});

test("what is beyond somebody's own permissions is shown locked, with what is missing (ATK-42)", async ({
  page,
  database,
  signedInAs,
}) => {
  const clerk = await addRole(database, [
    "view_users",
    "manage_users",
    "assign_roles",
    "view_invoice",
  ]);
  await signedInAs({ roles: [clerk] });
  const below = await addPerson(database, { roles: ["User"] });
  await page.goto(`/admin/users/${below.id}`);
  await expect(page.getByRole("checkbox", { name: "Admin" })).toBeDisabled();
  await expect(page.getByRole("checkbox", { name: "User" })).toBeEnabled();
  await expect(page.getByText(/You do not hold .*manage_roles/).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sessions" })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "Recent events" })).toHaveCount(0);

  const above = await addPerson(database, { roles: ["Admin"] });
  await page.goto(`/admin/users/${above.id}`);
  await expect(page.getByText("You cannot change this user")).toBeVisible();
  await expect(saveRoles(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
});

test("whoever may only look finds nothing to change", async ({ page, database, signedInAs }) => {
  await signedInAs({ roles: [await addRole(database, ["view_users"])] });
  const person = await addPerson(database, { roles: [] });
  await page.goto("/admin");
  await expectPath(page, "/admin/users");
  await expect(page.getByRole("link", { name: "New user" })).toHaveCount(0);
  const links = page.getByRole("navigation").getByRole("link");
  await expect(links.filter({ hasText: "Roles" })).toHaveCount(0);
  await page.goto(`/admin/users/${person.id}`);
  await expect(page.getByRole("main").getByRole("button")).toHaveCount(0);
  const refused = await page.goto("/admin/users/new");
  expect(refused?.status()).toBe(403);
});

test("every page of the users is accessible, and fits a phone", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs({ roles: ["Admin"] });
  await addPerson(database, { name: "A name that is rather long and does not stop so soon" });
  const paths = ["/admin/users", `/admin/users/${person.id}`, "/admin/users/new"];
  for (const path of [...paths, "/admin/users?q=nobody-is-called-this"]) {
    await page.goto(path);
    await expectAccessible(page);
    const desktop = page.viewportSize() ?? PHONE;
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScrolling(page);
    await page.setViewportSize(desktop);
  }
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("what a confirmed action is refused for is visible, and the question stands open", async ({
    page,
    database,
    signedInAs,
  }) => {
    await signedInAs({ roles: ["Admin"] });
    const owner = await addPerson(database);
    await addInvoice(database, owner.id);
    await page.goto(`/admin/users/${owner.id}`);
    await page.locator("summary", { hasText: "Delete" }).click();
    await page.getByRole("button", { name: "Delete user" }).click();
    await expect(page.getByText(/Records name this user as their owner/)).toBeVisible();
    await expect(page.getByRole("button", { name: "Delete user" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Disable user" })).toBeHidden();
  });

  test("users are found, invited, given roles and disabled", async ({
    page,
    database,
    signedInAs,
  }) => {
    const person = await signedInAs({ roles: ["Admin"] });
    const email = newAddress();
    await page.goto("/admin/users/new");
    await page.getByLabel("Email", { exact: true }).fill(email);
    await page.getByRole("button", { name: "Create user" }).click();
    await expect(page.getByRole("heading", { name: email })).toBeVisible();

    await page.getByRole("checkbox", { name: "Manager" }).check();
    await saveRoles(page).click();
    await expect(page.getByRole("checkbox", { name: "Manager" })).toBeChecked();

    await page.goto(`/admin/users?q=${encodeURIComponent(email)}`);
    await expect(rowOf(page, email)).toContainText("Manager, User");
    await page.getByRole("link", { name: email }).click();
    await page.locator("summary", { hasText: "Disable" }).click();
    await page.getByRole("button", { name: "Disable user" }).click();
    await expect(page.getByText("Disabled", { exact: true })).toBeVisible();

    await page.goto(`/admin/users/${person.id}`);
    await page.getByRole("checkbox", { name: "Admin" }).uncheck();
    await saveRoles(page).click();
    await expect(page.getByText(/You would lose this yourself/)).toBeVisible();
    await expect(page.getByRole("checkbox", { name: "Admin" })).not.toBeChecked();
    await page.getByRole("checkbox", { name: /I accept that I lose/ }).check();
    await saveRoles(page).click();
    await expectPath(page, "/dashboard");
    const { rows } = await database.query("SELECT 1 FROM user_roles WHERE user_id = $1", [
      person.id,
    ]);
    expect(rows).toEqual([]);
  });
});
