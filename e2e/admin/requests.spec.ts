import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession, SESSION_COOKIE } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };

test("a role is asked for after a refusal, approved by somebody else, used, and over at its deadline (F99)", async ({
  page,
  newBrowser,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_audit_log"]);
  const user = await signedInAs({ roles: [] });
  const refused = await page.goto("/admin/audit");
  expect(refused?.status()).toBe(403);
  await page.getByRole("link", { name: "Ask for access" }).click();
  await expect(page.getByRole("heading", { name: "Ask for a role" })).toBeVisible();
  await expect(
    page.getByText("With one of the first roles you would have been allowed"),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: role });
  await page.getByLabel("For", { exact: true }).selectOption({ label: "4 hours" });
  await page.getByRole("button", { name: "Ask for role" }).click();
  await expect(page.getByLabel("What for")).toHaveAttribute("aria-invalid", "true");
  await page.getByLabel("What for").fill("Find out who deleted the invoice.");
  await page.getByRole("button", { name: "Ask for role" }).click();
  await expectPath(page, "/account/requests");
  await expect(page.getByText("Waits for an answer")).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);

  const approver = await newBrowser();
  await signedInAs({ roles: ["Admin"], browser: approver });
  const inbox = await approver.newPage();
  await inbox.goto("/admin/requests");
  await expect(inbox.getByText("Find out who deleted the invoice.")).toBeVisible();
  await expect(inbox.getByText(/^For 4 hours they could do more: they gain \w+\.$/)).toBeVisible();
  await expectAccessible(inbox);
  await inbox.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(inbox);
  await inbox.getByRole("button", { name: `Approve ${role} for ${user.email}` }).click();
  await inbox.getByLabel("Note").fill("Until tonight.");
  const dialog = inbox.getByRole("alertdialog");
  await dialog.getByRole("button", { name: "Preview" }).click();
  await expect(dialog.getByText("gains view_audit_log for every record")).toBeVisible();
  await expect(inbox.getByLabel("Note")).toHaveValue("Until tonight.");
  await inbox.getByRole("button", { name: "Approve request" }).click();
  await expect(inbox.getByText(`${user.email} has the role ${role} now.`)).toBeVisible();

  // What ends by itself is no box of the form, so that saving it neither ends it nor makes it last.
  await inbox.goto(`/admin/users/${user.id}`);
  await expect(inbox.getByRole("heading", { name: "For a time" })).toBeVisible();
  await expect(inbox.getByRole("checkbox", { name: role })).not.toBeChecked();
  await inbox.getByRole("button", { name: "Save roles" }).click();
  await expect(inbox.getByText("The roles are saved.")).toBeVisible();
  await inbox.getByRole("link", { name: "By a request" }).click();
  await expectPath(inbox, "/admin/requests");

  expect((await page.goto("/admin/audit"))?.status()).toBe(200);
  await page.goto("/account/requests");
  await expect(page.getByText("In force")).toBeVisible();
  await expect(page.getByText("Answer: Until tonight.")).toBeVisible();

  await database.query(
    "UPDATE user_roles SET expires_at = now() - interval '1 second' WHERE user_id = $1",
    [user.id],
  );
  expect((await page.goto("/admin/audit"))?.status()).toBe(403);
  await page.goto("/account/requests");
  await expect(page.getByText("Over", { exact: true })).toBeVisible();
});

test("the glass is broken with a second factor, and somebody else acknowledges it", async ({
  page,
  newBrowser,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_audit_log"]);
  await database.query("UPDATE roles SET emergency = true WHERE name = $1", [role]);
  const user = await signedInAs({ roles: [await addRole(database, ["use_break_glass"])] });
  await database.query("UPDATE sessions SET acr = 'urn:gatehouse:aal2' WHERE user_id = $1", [
    user.id,
  ]);
  await page.goto("/account/requests");
  await page.getByLabel("Role", { exact: true }).selectOption({ label: role });
  await page.getByLabel("What has happened").fill("The books burn.");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Break the glass" }).click();
  await expect(page.getByText(`You have the role ${role}.`)).toBeVisible();
  expect((await page.goto("/admin/audit"))?.status()).toBe(200);

  const reviewer = await newBrowser();
  await signedInAs({ roles: ["Admin"], browser: reviewer });
  const inbox = await reviewer.newPage();
  await inbox.goto("/admin/requests");
  await inbox.getByRole("button", { name: `Acknowledge the emergency of ${user.email}` }).click();
  await inbox.getByLabel("What you found", { exact: true }).fill("They did burn.");
  await inbox
    .getByRole("dialog")
    .or(inbox.getByRole("alertdialog"))
    .getByRole("button", { name: "Acknowledge" })
    .click();
  await expect(inbox.getByText("It is acknowledged.")).toBeVisible();
});

test("two duties exclude each other: who has one is refused the other, until somebody waives it (F98)", async ({
  gatehouse,
  newBrowser,
}) => {
  const { database, url } = gatehouse;
  const admin = await addPerson(database, { roles: ["Admin"] });
  const other = await addPerson(database, { roles: [] });
  const writer = await addRole(database, ["create_invoice"]);
  const deleter = await addRole(database, ["delete_invoice"]);
  await database.query(
    `INSERT INTO user_roles (id, user_id, role_id)
     SELECT gen_random_uuid(), $1, id FROM roles WHERE name = $2`,
    [other.id, writer],
  );
  const browser = await newBrowser();
  const value = await openSession(database, admin.id);
  await browser.addCookies([{ name: SESSION_COOKIE, value, url }]);
  const page = await browser.newPage();
  await page.goto(`${url}/admin/duties`);
  await page.getByLabel("Name", { exact: true }).fill("Write and delete");
  await page
    .getByRole("group", { name: "One side" })
    .getByRole("checkbox", { name: "Write new invoices." })
    .check();
  await page
    .getByRole("group", { name: "The other side" })
    .getByRole("checkbox", { name: "Delete and restore invoices." })
    .check();
  await page.getByRole("button", { name: "Make conflict" }).click();
  await expect(
    page.getByText("Nobody comes to hold both sides of “Write and delete”"),
  ).toBeVisible();
  // Whoever holds everything holds both.
  await expect(page.getByText(`${admin.email}: Write and delete`)).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);

  await page.goto(`${url}/admin/users/${other.id}`);
  await page.getByRole("checkbox", { name: deleter }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(
    page.getByText("Nobody may hold both sides of “Write and delete” without a waiver."),
  ).toBeVisible();

  await page.goto(`${url}/admin/duties`);
  const waive = page.getByRole("form", { name: "Waive in advance" });
  await waive.getByLabel("For", { exact: true }).fill(other.email);
  await waive.getByLabel("Why").fill("Until the new clerk is here.");
  await waive.getByRole("button", { name: "Waive conflict" }).click();
  await expect(page.getByText("The waiver holds from now on.")).toBeVisible();
  await page.goto(`${url}/admin/users/${other.id}`);
  await page.getByRole("checkbox", { name: deleter }).check();
  await page.getByRole("button", { name: "Save roles" }).click();
  await expect(page.getByText("The roles are saved.")).toBeVisible();
});
