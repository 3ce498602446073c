import type { Page } from "@playwright/test";
import type pg from "pg";
import { v7 as newId } from "uuid";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addRole } from "../support/people";

const PHONE = { width: 390, height: 844 };

/** A mail that could not be sent, and is not tried again for an hour. */
async function addFailed(database: pg.Pool, kind: string, recipient: string): Promise<string> {
  const id = newId();
  await database.query(
    `INSERT INTO outbox (id, kind, recipient, subject, text, html, attempts, last_error,
                         next_attempt_at)
     VALUES ($1, $2, $3, 'Hello', 'the secret of the mail', '<b>the secret of the mail</b>', 3,
             '550 <someone@example.com> unknown', now() + interval '1 hour')`,
    [id, kind, recipient],
  );
  return id;
}

async function addEvent(database: pg.Pool, action: string): Promise<void> {
  await database.query(
    `INSERT INTO audit_events (id, action, outcome, actor_type, request_id)
     VALUES ($1, $2, 'success', 'system', 'story')`,
    [newId(), action],
  );
}

const itemOf = (page: Page, recipient: string) =>
  page.getByRole("main").getByRole("listitem").filter({ hasText: recipient });

test("a message that failed is tried again, another discarded, and neither is read", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const kind = "story-failed";
  await addFailed(database, kind, "retried@example.com");
  await addFailed(database, kind, "dropped@example.com");
  await page.goto("/admin/outbox?state=failed");
  const retried = itemOf(page, "retried@example.com").first();
  await expect(retried).toContainText("The server refused the recipient.");
  await expect(page.getByText("the secret of the mail")).toHaveCount(0);
  await expect(page.getByText("someone@example.com")).toHaveCount(0);
  await retried.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("The message is tried again within a few seconds.")).toBeVisible();
  await itemOf(page, "dropped@example.com").first().getByRole("button").last().click();
  await page.getByRole("button", { name: "Discard message" }).click();
  await expect(page.getByText("The message is discarded. Nobody gets it.")).toBeVisible();
  await page.goto("/admin/outbox?recipient=dropped%40example.com");
  await expect(page.getByText("No messages match")).toBeVisible();
  const { rows } = await database.query(
    "SELECT DISTINCT last_error FROM outbox WHERE recipient = 'retried@example.com' AND kind = $1",
    [kind],
  );
  expect(rows).toEqual([{ last_error: null }]);
});

test("whoever may not see users sees whom a message is for by half, without script too", async ({
  newBrowser,
  database,
  signedInAs,
}) => {
  await addFailed(database, "story-masked", "masked.person@example.com");
  const browser = await newBrowser({ javaScriptEnabled: false, viewport: PHONE });
  const roles = [await addRole(database, ["view_outbox"])];
  await signedInAs({ roles, browser });
  const page = await browser.newPage();
  await page.goto("/admin/outbox?kind=story-masked");
  await expect(itemOf(page, "m…@example.com").first()).toBeVisible();
  await expect(page.getByText("masked.person")).toHaveCount(0);
  await expect(page.getByRole("searchbox")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Try again" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Pause updates" })).toHaveCount(0);
  await expectNoSidewaysScrolling(page);
});

test("every variable is told with where it comes from, and no secret is", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/settings");
  const row = (name: string) =>
    page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
  await expect(row("AUTH_SECRET").getByText("Set", { exact: true })).toBeVisible();
  await expect(row("SESSION_IDLE_LIFETIME")).toContainText("7d");
  await expect(row("DATABASE_URL")).toContainText("postgres");
  await expect(row("DATABASE_URL")).not.toContainText("@");
  await expect(page.getByRole("heading", { name: "Checks" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Sign-in rules" })).toBeVisible();
  await expectAccessible(page);
});

test("what a permission opens is a question with an answer", async ({ page, signedInAs }) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/coverage");
  await page.getByRole("link", { name: "Signing in" }).click();
  await expect(page.getByRole("row", { name: /signInAction/ }).first()).toContainText("Public");
  await page.goto("/admin/coverage");
  await page.getByLabel("What it takes").selectOption("manage_users");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/needs=manage_users/);
  const rows = page.getByRole("rowheader");
  await expect(rows.filter({ hasText: "POST /api/v1/users" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "/admin/users/new" })).toHaveCount(1);
  await expect(rows.filter({ hasText: "/admin/keys" })).toHaveCount(0);
  await page.getByRole("link", { name: "Who has it" }).click();
  await expect(page).toHaveURL(/\/admin\/access\?permission=manage_users/);
});

test("an event appears without a reload when it is asked for, and nothing moves before", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const action = "story.live";
  await addEvent(database, action);
  await page.clock.install();
  await page.goto(`/admin/audit?action=${action}`);
  const rows = page.getByRole("table", { name: "Audit events" }).getByRole("row");
  const shownAtFirst = await rows.count();
  const upToDate = page.getByText("Up to date.");
  await expect(upToDate).toBeVisible();
  const search = page.getByRole("searchbox", { name: "Actor" });
  await search.fill("half typ");
  const before = await rows.nth(1).boundingBox();

  await addEvent(database, action);
  await page.clock.runFor(10_000);
  await expect(page.getByRole("status").filter({ hasText: "1 new event." })).toBeVisible();
  await expect(rows).toHaveCount(shownAtFirst);
  expect(await rows.nth(1).boundingBox()).toEqual(before);

  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(rows).toHaveCount(shownAtFirst + 1);
  await expect(upToDate).toBeVisible();
  await expect(page.getByRole("button", { name: "Pause updates" })).toBeFocused();
  await expect(search).toHaveValue("half typ");
  await expectAccessible(page);
});

test("updates are paused and gone on with by hand, and stop when the session has ended (WCAG 2.2.2)", async ({
  page,
  database,
  signedInAs,
}) => {
  const admin = await signedInAs({ roles: ["Admin"] });
  const action = "story.paused";
  await addEvent(database, action);
  await page.clock.install();
  await page.goto(`/admin/audit?action=${action}`);
  await page.getByRole("button", { name: "Pause updates" }).click();
  await expect(page.getByText("Updates are paused.")).toBeVisible();
  let asked = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/v1/audit-events")) asked += 1;
  });
  await addEvent(database, action);
  await page.clock.runFor(60_000);
  await expect(page.getByText("Updates are paused.")).toBeVisible();
  expect(asked).toBe(0);
  await page.getByRole("button", { name: "Go on with updates" }).click();
  await expect(page.getByText("1 new event.")).toBeVisible();

  await database.query("UPDATE sessions SET revoked_at = now() WHERE user_id = $1", [admin.id]);
  await page.clock.runFor(10_000);
  await expect(page.getByText(/Updates have stopped/)).toBeVisible();
});

test("the overview follows what happens while somebody is there, and keeps still when nobody is", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.clock.install();
  await page.goto("/admin");
  await expect(page.getByText("Up to date.")).toBeVisible();
  const refused = page.getByText("Refused requests").first().locator("..");
  const before = (await refused.textContent()) ?? "";
  await page.mouse.move(400, 400);
  await addEvent(database, "authorization.denied");
  await page.clock.runFor(10_000);
  await expect(refused).not.toHaveText(before);

  await page.clock.runFor(200_000);
  await addEvent(database, "authorization.denied");
  await page.clock.runFor(10_000);
  await expect(page.getByRole("button", { name: "Show", exact: true })).toBeVisible();
});
