import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };

const aName = (): string => `Clerk ${randomBytes(4).toString("hex")}`;
const permission = (page: Page, description: string) =>
  page.getByRole("checkbox", { name: description });
/** By its address: among many roles it may stand on any page of the list. */
async function openRole(page: Page, database: pg.Pool, name: string): Promise<void> {
  const { rows } = await database.query<{ id: string }>("SELECT id FROM roles WHERE name = $1", [
    name,
  ]);
  await page.goto(`/admin/roles/${rows[0]?.id}`);
}
const save = (page: Page) => page.getByRole("button", { name: "Save permissions" });

test("a role is created, given permissions as one change, renamed and deleted", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const name = aName();
  await page.goto("/admin/roles");
  await page.getByRole("link", { name: "New role" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await permission(page, "Write new invoices.").check();
  await permission(page, "See invoices.").check();
  await page
    .getByRole("group", { name: /See invoices/ })
    .getByLabel(/own/i)
    .check();
  await page.getByRole("button", { name: "Create role" }).click();
  await expect(page.getByText(`${name} is created.`)).toBeVisible();
  await expect(permission(page, "Write new invoices.")).toBeChecked();
  await expect(page.getByRole("group", { name: /See invoices/ }).getByLabel(/own/i)).toBeChecked();

  await permission(page, "Write new invoices.").uncheck();
  await permission(page, "Change invoices.").check();
  await save(page).click();
  await expect(page.getByText(`The permissions of ${name} are saved.`)).toBeVisible();
  await page.reload();
  await expect(permission(page, "Write new invoices.")).not.toBeChecked();
  await expect(permission(page, "Change invoices.")).toBeChecked();

  await page.getByLabel("Name", { exact: true }).fill(`${name} II`);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("heading", { name: `${name} II` })).toBeVisible();

  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete role" }).click();
  await expectPath(page, "/admin/roles");
  await expect(page.getByText(`${name} II is deleted.`)).toBeVisible();
});

test("a saved permission holds from the next request of whoever has the role (D5)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, []);
  const person = await addPerson(database, { roles: [role] });
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  expect((await request.get("/api/v1/invoices", { headers })).status()).toBe(403);
  await openRole(page, database, role);
  await permission(page, "See invoices.").check();
  await save(page).click();
  await expect(page.getByText(`The permissions of ${role} are saved.`)).toBeVisible();
  expect((await request.get("/api/v1/invoices", { headers })).status()).toBe(200);
});

test("of two who edit one role, the later is told, and loses nothing that was ticked", async ({
  page,
  context,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["view_invoice"]);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await openRole(tab, database, role);
    await expect(save(tab)).toBeVisible();
  }
  await permission(other, "Write new invoices.").check();
  await save(other).click();
  await expect(other.getByText(`The permissions of ${role} are saved.`)).toBeVisible();

  await permission(page, "Delete and restore invoices.").check();
  await save(page).click();
  await expect(page.getByText(/Somebody changed this role while you were editing/)).toBeVisible();
  await expect(permission(page, "Delete and restore invoices.")).toBeChecked();
  await expect(permission(page, "Write new invoices.")).not.toBeChecked();
  await expect(page.getByText("Differs").first()).toBeVisible();
});

test("what somebody lacks they cannot give, and a role beyond theirs is locked (ATK-42)", async ({
  page,
  database,
  signedInAs,
}) => {
  const own = await addRole(database, ["view_roles", "manage_roles", "view_invoice"]);
  const beyond = await addRole(database, ["view_users"]);
  const within = await addRole(database, ["view_invoice"]);
  await signedInAs({ roles: [own] });
  await openRole(page, database, within);
  await expect(permission(page, "See invoices.")).toBeEnabled();
  await expect(permission(page, "See users and their roles.")).toBeDisabled();
  await openRole(page, database, beyond);
  await expect(page.getByText("You cannot change this role")).toBeVisible();
  await expect(save(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete" })).toHaveCount(0);
});

test("whoever would take permissions from themselves is told which, and asked first (ATK-44)", async ({
  page,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_roles", "manage_roles", "view_invoice"]);
  await signedInAs({ roles: [role] });
  await openRole(page, database, role);
  await permission(page, "See invoices.").uncheck();
  await save(page).click();
  await expect(page.getByText("You would lose this yourself: view_invoice.")).toBeVisible();
  await page.getByRole("checkbox", { name: /I accept that I lose/ }).check();
  await save(page).click();
  await expect(page.getByText(`The permissions of ${role} are saved.`)).toBeVisible();
  await expect(permission(page, "See invoices.")).not.toBeChecked();
});

test("a role inherits another, and its page says by which way each permission comes (F90)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const reader = await addRole(database, ["view_invoice"]);
  const clerk = await addRole(database, ["create_invoice"]);
  await openRole(page, database, clerk);
  await page.getByRole("checkbox", { name: reader }).check();
  await page.getByRole("button", { name: "Save inherited roles" }).click();
  await expect(page.getByText(`What ${clerk} inherits is saved.`)).toBeVisible();
  await expect(page.getByText(`by ${reader}`, { exact: true })).toBeVisible();
  await expect(page.getByText("by itself", { exact: true })).toBeVisible();

  await openRole(page, database, reader);
  const back = page.getByRole("checkbox", { name: clerk });
  await expect(back).toBeDisabled();
  await expect(page.getByText(`It inherits this role itself: ${clerk} > ${reader}.`)).toBeVisible();

  await page.goto("/admin/roles/graph");
  const drawn = page.getByRole("region", { name: "Inheritance of roles, drawn" });
  await drawn.getByRole("link", { name: reader }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: reader, level: 1 })).toBeVisible();
});

test("a preview says who gains and who loses, and changes nothing", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["view_invoice"]);
  const person = await addPerson(database, { roles: [role] });
  await openSession(database, person.id);
  await openRole(page, database, role);
  await permission(page, "Write new invoices.").check();
  await permission(page, "See invoices.").uncheck();
  const form = page.getByRole("form", { name: `Permissions of ${role}` });
  await form.getByRole("button", { name: "Preview" }).click();
  const answer = page.getByRole("region", { name: "What saving would do" });
  await expect(answer).toBeFocused();
  await expect(answer.getByText("1 person could do more.")).toBeVisible();
  await expect(answer.getByText("1 person could do less.")).toBeVisible();
  await expect(answer.getByText(/1 session that is open now/)).toBeVisible();
  await expect(answer.getByText(person.email)).toBeVisible();
  await expect(answer.getByText("gains create_invoice for every record")).toBeVisible();
  await expect(permission(page, "Write new invoices.")).toBeChecked();
  await expectAccessible(page);
  await page.reload();
  await expect(permission(page, "Write new invoices.")).not.toBeChecked();
  await expect(permission(page, "See invoices.")).toBeChecked();

  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText("1 person could do less.")).toBeVisible();
  await expect(dialog.getByText(/loses view_invoice, held for every record/)).toBeVisible();
});

test("a preview foretells what its author would lose, and offers to confirm it (ATK-44)", async ({
  page,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_roles", "manage_roles", "view_invoice"]);
  await signedInAs({ roles: [role] });
  await openRole(page, database, role);
  await permission(page, "See invoices.").uncheck();
  const form = page.getByRole("form", { name: `Permissions of ${role}` });
  await form.getByRole("button", { name: "Preview" }).click();
  await expect(page.getByText(/You would lose this yourself: view_invoice/)).toBeVisible();
  await page.getByRole("checkbox", { name: /I accept that I lose/ }).check();
  await save(page).click();
  await expect(page.getByText(`The permissions of ${role} are saved.`)).toBeVisible();
});

test("a permission is given on a condition that is built from choices (F91)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, []);
  await openRole(page, database, role);
  await permission(page, "See invoices.").check();
  const reach = page.getByRole("group", { name: /How far “See invoices/ });
  await reach.getByRole("radio", { name: "On a condition" }).check();
  // Nothing is chosen yet: the permission itself says what it lacks.
  await save(page).click();
  await expect(reach.getByText(/Complete the condition/)).toBeVisible();
  await reach.getByRole("radio", { name: "Own records only" }).check();
  await save(page).click();
  await expect(page.getByText(`The permissions of ${role} are saved.`)).toBeVisible();
});

test("every page of the roles is accessible, and fits a phone", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["view_invoice"]);
  await openRole(page, database, role);
  await expect(save(page)).toBeVisible();
  const heir = await addRole(database, ["create_invoice"]);
  await database.query(
    `INSERT INTO role_inheritance (role_id, inherited_role_id)
     SELECT h.id, i.id FROM roles h, roles i WHERE h.name = $1 AND i.name = $2`,
    [heir, role],
  );
  const paths = ["", "/new", "/graph"].map((path) => `/admin/roles${path}`);
  for (const path of [...paths, new URL(page.url()).pathname]) {
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

  test("a role is created and its permissions are saved", async ({ page, signedInAs }) => {
    await signedInAs({ roles: ["Admin"] });
    const name = aName();
    await page.goto("/admin/roles/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await permission(page, "See invoices.").check();
    await page.getByRole("button", { name: "Create role" }).click();
    await expect(page.getByRole("heading", { name })).toBeVisible();
    await permission(page, "Change invoices.").check();
    await save(page).click();
    await expect(permission(page, "Change invoices.")).toBeChecked();
    await expect(permission(page, "See invoices.")).toBeChecked();
  });

  test("a condition is typed as JSON, a preview loses nothing of it, and it is saved", async ({
    page,
    database,
    signedInAs,
  }) => {
    await signedInAs({ roles: ["Admin"] });
    const role = await addRole(database, []);
    const person = await addPerson(database, { roles: [role] });
    await openRole(page, database, role);
    await permission(page, "See invoices.").check();
    const reach = page.getByRole("group", { name: /How far “See invoices/ });
    await reach.getByRole("radio", { name: "On a condition" }).check();
    const condition = reach.getByRole("textbox", { name: /as JSON/ });
    const small = '{"kind":"field","field":"amount","operator":"at-most","value":100}';
    await condition.fill(small);
    const form = page.getByRole("form", { name: `Permissions of ${role}` });
    await form.getByRole("button", { name: "Preview" }).click();
    await expect(page.getByText(person.email)).toBeVisible();
    await expect(page.getByText("gains view_invoice on a condition")).toBeVisible();
    await expect(condition).toHaveValue(small);
    await expect(permission(page, "See invoices.")).toBeChecked();
    await save(page).click();
    await page.goto(page.url());
    await expect(reach.getByRole("radio", { name: "On a condition" })).toBeChecked();
    const { rows } = await database.query<{ condition: unknown }>(
      `SELECT rp.condition FROM role_permissions rp JOIN roles r ON r.id = rp.role_id
        WHERE r.name = $1`,
      [role],
    );
    expect(rows).toEqual([{ condition: JSON.parse(small) as unknown }]);
  });
});
