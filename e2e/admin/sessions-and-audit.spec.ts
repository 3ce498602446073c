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

test("the audit log is narrowed by names and ids, and a name that nobody has shows nothing", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const person = await addPerson(database, { name: "A Name Of Considerable Length Indeed" });
  const { rows: events } = await database.query<{ id: string }>(
    `INSERT INTO audit_events (id, action, outcome, actor_type, actor_id, target_type, target_id,
                               request_id, before, after)
     VALUES (gen_random_uuid(), 'user.password_reset_requested', 'success', 'user', $1::uuid, 'user', $2,
             gen_random_uuid()::text, '{"name":"Before","status":"active"}', '{"name":"After","status":"active"}')
     RETURNING id`,
    [person.id, person.id],
  );
  const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
  for (const [label, text] of [
    ["Target", person.email],
    ["Actor", "a name of considerable length indeed"],
    ["Event, request or decision id", String(events[0]?.id)],
  ] as const) {
    await page.goto("/admin/audit");
    await page.getByRole("searchbox", { name: label }).fill(text);
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText(person.email);
  }
  await rows.nth(1).getByText("user.password_reset_requested").click();
  await expect(rows.nth(1)).toContainText("name: Before → After");
  await expect(rows.nth(1)).not.toContainText("status");
  const frame = page.getByRole("region", { name: "Audit events" });
  expect(await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);

  await page.getByRole("searchbox", { name: "Actor" }).fill("nobody@example.net");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("or name “nobody@example.net”")).toBeVisible();
  await expect(page.getByRole("searchbox", { name: "Actor" })).toHaveValue("nobody@example.net");
  await expect(rows).toHaveCount(0);
  await page.goto("/admin/audit?from=yesterday");
  await expect(page.getByText(/Use a date like 2027-01-31.* Given was “yesterday”/)).toBeVisible();
  await expect(rows).toHaveCount(0);
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
