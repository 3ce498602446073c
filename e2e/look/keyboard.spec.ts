import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { totpAt } from "../../tests/support/rfc6238";
import { expect, test } from "../support/fixtures";
import { addInvoice } from "../support/invoices";
import { Keyboard } from "../support/keyboard";
import { addPerson, addRole, openSession } from "../support/people";
import { expectPath, signInScreen } from "../support/screens";
import { NEW_PASSWORD, newAddress, newName } from "../support/texts";

// The ten things that people come for, without a mouse.

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });

test("by keyboard: signing in and out", async ({ page, database }) => {
  const person = await addPerson(database);
  const keyboard = new Keyboard(page);
  await page.goto("/sign-in");
  const { email, password } = signInScreen(page);
  await keyboard.type(email, person.email);
  await keyboard.type(password, person.password);
  await page.keyboard.press("Enter");
  await expectPath(page, "/dashboard");
  await keyboard.press(button(page, "Sign out").first());
  await expect(page.getByText("You are signed out.")).toBeVisible();
});

test("by keyboard: creating an account", async ({ page, mailbox }) => {
  const keyboard = new Keyboard(page);
  const email = newAddress();
  await page.goto("/sign-in");
  await keyboard.press(link(page, "Create account"));
  await expectPath(page, "/sign-up");
  await keyboard.type(page.getByLabel("Name"), "Nora Newcomer");
  await keyboard.type(field(page, "Email"), email);
  await keyboard.type(field(page, "Password"), NEW_PASSWORD);
  await keyboard.press(button(page, "Create account"));
  await expectPath(page, "/verify-email");
  await page.goto(await mailbox.linkTo(email));
  await keyboard.press(button(page, "Confirm email address"));
  await expect(page.getByText("Your email address is confirmed.")).toBeVisible();
});

test("by keyboard: choosing a new password", async ({ page, database, mailbox }) => {
  const person = await addPerson(database);
  const keyboard = new Keyboard(page);
  await page.goto("/sign-in");
  await keyboard.press(link(page, "Forgot it?"));
  await keyboard.type(field(page, "Email"), person.email);
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await mailbox.to(person.email)).length).toBe(1);
  await page.goto(await mailbox.linkTo(person.email));
  await keyboard.type(field(page, "New password"), NEW_PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByText(/password is changed/i)).toBeVisible();
});

test("by keyboard: setting up an authenticator app", async ({ page, signedInAs }) => {
  await signedInAs();
  const keyboard = new Keyboard(page);
  await page.goto("/account/security");
  await keyboard.press(button(page, "Set up"));
  const key = page.locator("code").filter({ hasText: /^[A-Z2-7 ]{32,}$/ });
  await keyboard.type(field(page, "Code"), totpAt(await key.innerText(), Date.now() / 1000));
  await keyboard.press(button(page, "Use this app"));
  await expect(page.getByText("There is no spare key")).toBeVisible();
});

test("by keyboard: ending another session, or not", async ({ page, database, signedInAs }) => {
  const { id } = await signedInAs();
  await openSession(database, id);
  const keyboard = new Keyboard(page);
  await page.goto("/account/sessions");
  const other = page.getByRole("listitem").filter({ hasNotText: "This device" });
  const end = other.getByRole("button", { name: /^End the session of/ });
  await keyboard.press(end);
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(end).toBeFocused();
  const dialog = page.getByRole("alertdialog");
  // A dialog that is still closing is not opened again.
  await expect(async () => {
    await keyboard.press(end);
    await expect(dialog).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await keyboard.press(dialog.getByRole("button", { name: "End session" }));
  await expect(page.getByText("The session has ended.")).toBeVisible();
});

test("by keyboard: writing an invoice and finding it again", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  await addInvoice(database, id, { customer: newName("Other") });
  const customer = newName("Harbour");
  const keyboard = new Keyboard(page);
  await page.goto("/invoices");
  await keyboard.press(link(page, "New invoice"));
  await expectPath(page, "/invoices/new");
  await keyboard.type(field(page, "Customer"), customer);
  await keyboard.type(field(page, "Amount"), "1250");
  await keyboard.choose(field(page, "Currency"), "JPY", "JPY · Japanese Yen");
  await keyboard.press(button(page, "Create invoice"));
  await expect(page.getByText(/ is created\./)).toBeVisible();
  await page.goto("/invoices");
  await keyboard.type(page.getByRole("searchbox"), customer);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("table").locator("tbody").getByRole("row")).toHaveCount(1);
});

test("by keyboard: inviting somebody with a role", async ({ page, signedInAs, mailbox }) => {
  await signedInAs({ roles: ["Admin"] });
  const email = newAddress();
  const keyboard = new Keyboard(page);
  await page.goto("/admin/users");
  await keyboard.press(link(page, "New user"));
  await expect(button(page, "Create user")).toBeVisible();
  await keyboard.type(field(page, "Email"), email);
  await keyboard.tick(page.getByRole("checkbox", { name: "Manager" }));
  await keyboard.press(button(page, "Create user"));
  await expect(page.getByText(`${email} is invited by mail.`)).toBeVisible();
  expect(await mailbox.to(email)).toHaveLength(1);
});

test("by keyboard: changing what a role may do", async ({ page, database, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  const name = await addRole(database, ["view_invoice"]);
  const { rows } = await database.query<{ id: string }>("SELECT id FROM roles WHERE name = $1", [
    name,
  ]);
  const keyboard = new Keyboard(page);
  await page.goto(`/admin/roles/${rows[0]?.id}`);
  await keyboard.tick(page.getByRole("checkbox", { name: "Write new invoices." }));
  await keyboard.press(button(page, "Save permissions"));
  await expect(page.getByText(`The permissions of ${name} are saved.`)).toBeVisible();
});

test("by keyboard: finding an event in the audit log and opening it", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  const keyboard = new Keyboard(page);
  await page.goto(`/admin/users/${person.id}`);
  await keyboard.type(page.getByLabel("Name", { exact: false }).last(), "After");
  await keyboard.press(button(page, "Save"));
  await expect(page.getByText("The profile is saved.")).toBeVisible();
  await page.goto("/admin/audit");
  await keyboard.choose(field(page, "Action"), "user.updated");
  await keyboard.press(button(page, "Apply"));
  const row = page.getByRole("table", { name: "Audit events" }).getByRole("row").nth(1);
  await keyboard.press(row.locator("summary"));
  await expect(row.getByText("After")).toBeVisible();
});

test("by keyboard: registering a service and taking its secret", async ({ page, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  const keyboard = new Keyboard(page);
  await page.goto("/admin/clients/new");
  await keyboard.press(link(page, "Register a service"));
  await keyboard.type(field(page, "Name"), `App ${randomBytes(4).toString("hex")}`);
  await keyboard.press(button(page, "Register client"));
  await expect(page.getByText("Copy the secret now")).toBeVisible();
  await keyboard.press(page.getByRole("button", { name: /^Copy/ }).first());
  await keyboard.press(link(page, "Go to the client"));
  await expect(page.getByText("Client secret", { exact: false }).first()).toBeVisible();
});
