import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession } from "../support/people";

const PHONE = { width: 390, height: 844 };

test("an administrator ends anybody's session, which bites at once (F32)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database);
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  await page.goto("/admin/sessions");
  await page.getByRole("searchbox").fill(person.email);
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  await page.getByRole("button", { name: `End a session of ${person.email}` }).click();
  await page.getByRole("button", { name: "End session", exact: true }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(page.getByText("No sessions match")).toBeVisible();
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
});

test("the sessions of somebody above are not to be ended, and that is recorded (ATK-42)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  const guard = await signedInAs({ roles: [await addRole(database, ["revoke_sessions"])] });
  const above = await addPerson(database, { roles: ["Admin"] });
  const headers = { cookie: `gatehouse_session=${await openSession(database, above.id)}` };
  await page.goto(`/admin/sessions?q=${encodeURIComponent(above.email)}`);
  await page.getByRole("button", { name: `End a session of ${above.email}` }).click();
  await page.getByRole("button", { name: "End session", exact: true }).click();
  await expect(page.getByText(/not yours to end/)).toBeVisible();
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(200);
  const { rows } = await database.query(
    "SELECT outcome FROM audit_events WHERE actor_id = $1 AND target_id = $2",
    [guard.id, above.id],
  );
  expect(rows).toEqual([{ outcome: "denied" }]);
});

test("the audit log is narrowed by what its address says, and shows before and after", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database, { name: "Before" });
  await page.goto(`/admin/users/${person.id}`);
  await page.getByLabel("Name", { exact: false }).last().fill("After");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The profile is saved.")).toBeVisible();

  await page.goto(`/admin/audit?target=${person.id}`);
  await page.getByLabel("Action", { exact: true }).selectOption("user.updated");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/action=user\.updated/);
  const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
  await expect(rows).toHaveCount(2);
  await rows.nth(1).getByText("user.updated").click();
  await expect(rows.nth(1)).toContainText("name: Before → After");
  await expect(rows.nth(1).getByRole("link", { name: admin.email })).toBeVisible();
});

test("sessions and audit are accessible, and fit a phone", async ({ page, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  const paths = ["/admin/sessions", "/admin/audit", "/admin/audit?from=2020-01-01&to=2020-01-02"];
  for (const path of [...paths, "/admin/sessions?q=nobody-is-called-this"]) {
    await page.goto(path);
    await expectAccessible(page);
    const desktop = page.viewportSize() ?? PHONE;
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScrolling(page);
    await page.setViewportSize(desktop);
  }
});
