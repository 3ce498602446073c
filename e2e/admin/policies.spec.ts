import { randomBytes } from "node:crypto";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };

test("a policy is built from choices, tried live, put in force and rolled back (F91, F92)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["view_invoice"]);
  const person = await addPerson(database, { roles: [role] });
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  const sees = async () => (await request.get("/api/v1/invoices", { headers })).status();
  expect(await sees()).toBe(200);

  const name = `Night watch ${randomBytes(4).toString("hex")}`;
  await page.goto("/admin/policies");
  await page.getByRole("link", { name: "New policy" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: "See invoices." }).check();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("What the condition is about").selectOption("role");
  await page.getByRole("checkbox", { name: role }).check();
  await expect(page.getByText(`It holds if they have the role ${role}.`)).toBeVisible();

  // The bench answers while one edits: allowed as it is stored, denied with what is being edited.
  await page.getByLabel("Person", { exact: true }).fill(person.email);
  await page.getByLabel("Permission", { exact: true }).selectOption("view_invoice");
  const edited = page.getByRole("region", { name: "With what is being edited in force" });
  await expect(edited.getByText("Denied by a policy.")).toBeVisible();
  const stored = page.getByRole("region", { name: "As it is stored" });
  await expect(stored.getByText("Allowed", { exact: true })).toBeVisible();
  expect(await sees()).toBe(200);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Write policy" }).click();
  await expect(page.getByText(`${name} is written. It is not in force yet.`)).toBeVisible();
  expect(await sees()).toBe(200);
  await page.getByRole("button", { name: "Put in force: version 1" }).first().click();
  const dialog = page.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText("1 person could do less.")).toBeVisible();
  await expect(dialog.getByText("loses view_invoice, held for every record")).toBeVisible();
  expect(await sees()).toBe(200);
  await page.getByRole("button", { name: "Put in force", exact: true }).last().click();
  await expect(page.getByText(`Version 1 of ${name} is in force.`)).toBeVisible();
  expect(await sees()).toBe(403);
  // The page as it is now: what is saved before that would be of an earlier one.
  await expect(page.getByRole("button", { name: "Put in force: version 1" })).toHaveCount(0);

  await page.getByLabel("How the conditions below are joined").selectOption("none");
  await page.getByRole("textbox", { name: "Why" }).fill("Everybody but them");
  await page.getByRole("button", { name: "Save version" }).click();
  await expect(page.getByText("Version 2 is saved. It is not in force yet.")).toBeVisible();
  await page.getByRole("button", { name: "Put in force: version 2" }).first().click();
  await page.getByRole("button", { name: "Put in force", exact: true }).last().click();
  await expect(page.getByText(/You would lose this yourself: view_invoice/)).toBeVisible();
  expect(await sees()).toBe(403);
  await page.getByLabel("I accept that I lose these permissions myself").check();
  await page.getByRole("button", { name: "Put in force", exact: true }).last().click();
  await expect(page.getByText(`Version 2 of ${name} is in force.`)).toBeVisible();
  expect(await sees()).toBe(200);

  await page.getByText("What differs from version 1").click();
  await expect(page.getByText(/in place of: if they have the role/)).toBeVisible();
  await page.getByRole("button", { name: "Roll back to version 1" }).click();
  await page.getByRole("button", { name: "Roll back", exact: true }).last().click();
  await expect(page.getByText(`Version 1 of ${name} is in force.`)).toBeVisible();
  // The word of the first time may still be there.
  await expect.poll(sees).toBe(403);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);

  await page.getByRole("button", { name: "Take out of force" }).click();
  await page.getByRole("button", { name: "Take out of force", exact: true }).last().click();
  await expect(page.getByText(`${name} is out of force.`)).toBeVisible();
  expect(await sees()).toBe(200);
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete policy" }).click();
  await expectPath(page, "/admin/policies");
});

test("a part that lacks something says so beside it, and nothing is saved without it", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const name = `Unfinished ${randomBytes(4).toString("hex")}`;
  await page.goto("/admin/policies/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: "See invoices." }).check();
  await page.getByRole("button", { name: "Add a condition" }).press("Enter");
  await expect(page.getByLabel("What the condition is about")).toBeFocused();
  await page.getByLabel("What the condition is about").selectOption("network");
  await page.getByLabel("Networks, one a line").fill("192.0.2.1");
  await page.getByRole("button", { name: "Write policy" }).click();
  await expect(page.getByText("A part of the condition is not complete.")).toBeVisible();
  await expect(page.getByText(/Write 192.0.2.1 with the length of its prefix/)).toBeVisible();
  const { rowCount } = await database.query("SELECT 1 FROM policies WHERE name = $1", [name]);
  expect(rowCount).toBe(0);
  await page.getByRole("button", { name: "Remove this condition" }).press("Enter");
  await expect(page.getByText("Without a condition it always holds.")).toBeVisible();
});

test("without script a condition is typed, and the bench answers after a press", async ({
  newBrowser,
  database,
  signedInAs,
}) => {
  const browser = await newBrowser({ javaScriptEnabled: false });
  const admin = await signedInAs({ roles: ["Admin"], browser });
  const page = await browser.newPage();
  await page.goto("/admin/policies/new");
  const name = `Typed ${randomBytes(4).toString("hex")}`;
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("checkbox", { name: "See invoices." }).check();
  await page.getByLabel("Condition, as JSON").fill('{"kind":"own"}');
  await page.getByRole("button", { name: "Write policy" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText("Denies view_invoice if the record is their own.")).toBeVisible();
  await page.getByLabel("Person", { exact: true }).fill(admin.email);
  await page.getByLabel("Compare with").selectOption("1");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByRole("region", { name: "With version 1 in force" })).toBeVisible();
  await database.query("DELETE FROM policies WHERE name = $1", [name]);
});
