import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, openSession } from "../support/people";
import { expectPath, signIn } from "../support/screens";

const FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0";
const SAFARI =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";

test("the list is the browsers that are signed in, and marks this one (F30)", async ({
  newBrowser,
  database,
  clientAddress,
}) => {
  const person = await addPerson(database);
  const here = await (await newBrowser({ userAgent: FIREFOX })).newPage();
  const there = await (await newBrowser({ userAgent: SAFARI })).newPage();
  for (const page of [there, here]) {
    await signIn(page, person);
    await expectPath(page, "/dashboard");
  }
  await here.goto("/account/sessions");
  const items = here.getByRole("main").getByRole("listitem");
  await expect(items).toHaveCount(2);
  await expect(items.filter({ hasText: "This device" })).toContainText("Firefox on Windows");
  await expect(items.filter({ hasText: "Safari on macOS" })).not.toContainText("This device");
  for (const item of await items.all()) await expect(item).toContainText(clientAddress);
});

test("ending one session ends it at once and no other", async ({ newBrowser, database }) => {
  const person = await addPerson(database);
  const here = await (await newBrowser({ userAgent: FIREFOX })).newPage();
  const there = await (await newBrowser({ userAgent: SAFARI })).newPage();
  for (const page of [there, here]) {
    await signIn(page, person);
    await expectPath(page, "/dashboard");
  }
  await here.goto("/account/sessions");
  await here.getByRole("button", { name: "End the session of Safari on macOS" }).click();
  const dialog = here.getByRole("alertdialog");
  await expect(dialog).toContainText("End this session?");
  await dialog.getByRole("button", { name: "End session" }).click();
  await expect(here.getByText("The session has ended.")).toBeVisible();
  await expect(here.getByRole("main").getByRole("listitem")).toHaveCount(1);

  await there.goto("/account/sessions");
  await expectPath(there, "/sign-in?returnTo=%2Faccount%2Fsessions");
  await here.reload();
  await expectPath(here, "/account/sessions");
});

test("the dialog is left with Escape, and the focus returns to its button", async ({
  page,
  signedInAs,
}) => {
  await signedInAs();
  await page.goto("/account/sessions");
  const end = page.getByRole("button", { name: /^End the session of/ });
  await end.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alertdialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(end).toBeFocused();
});

test("ending all others ends all others, and keeps this one (F31)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  const others = await Promise.all([1, 2, 3].map(() => openSession(database, person.id)));
  await page.goto("/account/sessions");
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(4);
  await page.getByRole("button", { name: "End all others" }).click();
  await page.getByRole("button", { name: "End the others" }).click();
  await expect(page.getByText("3 other sessions have ended.")).toBeVisible();
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(1);
  for (const cookie of others) {
    const headers = { cookie: `gatehouse_session=${cookie}` };
    expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
  }
  await page.goto("/account/profile");
  await expectPath(page, "/account/profile");
});

test("a session idle or old for too long opens nothing (F33)", async ({ request, database }) => {
  const person = await addPerson(database);
  for (const column of ["idle_expires_at", "absolute_expires_at"]) {
    const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
    expect((await request.get("/api/v1/me", { headers })).status()).toBe(200);
    await database.query(`UPDATE sessions SET ${column} = now() WHERE user_id = $1`, [person.id]);
    expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
    const page = await request.get("/account/profile", { headers, maxRedirects: 0 });
    expect(page.status()).toBe(307);
  }
});

test("the page of security says how many sessions there are, shows the newest and ends them (F107)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  await page.goto("/account/security");
  const sessions = page
    .getByRole("main")
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: "Sessions", exact: true }) });
  await expect(sessions.getByText("You are signed in here and nowhere else.")).toBeVisible();
  await expect(sessions.getByRole("listitem")).toHaveCount(1);

  for (let count = 0; count < 4; count += 1) await openSession(database, person.id);
  await database.query(
    `UPDATE sessions SET user_agent = $2, last_seen_at = now() + interval '1 minute'
      WHERE id = (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id DESC LIMIT 1)`,
    [person.id, SAFARI],
  );
  await page.reload();
  await expect(sessions.getByText("You have 5 sessions, with this one.")).toBeVisible();
  const items = sessions.getByRole("listitem");
  await expect(items).toHaveCount(3);
  await expect(items.first()).toContainText("This device");
  await expect(items.nth(1)).toContainText("Safari on macOS");
  await expect(items.nth(1)).toContainText("192.0.2.1");
  await expect(sessions.getByText("2 more are not shown here.")).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(page);

  const end = items.nth(1).getByRole("button", { name: "End the session of Safari on macOS" });
  await end.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").getByRole("button", { name: "End session" }).click();
  await expect(page.getByText("The session has ended.")).toBeVisible();
  await expect(sessions.getByText("You have 4 sessions, with this one.")).toBeVisible();
  await expect(sessions.getByText("One more is not shown here.")).toBeVisible();
  await sessions.getByRole("link", { name: "See all sessions" }).click();
  await expectPath(page, "/account/sessions");
  await expect(page.getByRole("main").getByRole("listitem")).toHaveCount(4);
});

test("the page of security lists the mailbox among the ways in, where it is one (F107)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  await page.goto("/account/security");
  const mailbox = page.getByRole("main").getByRole("listitem").filter({ hasText: person.email });
  await expect(mailbox).toContainText("A code or a link that we mail there signs you in");
  await database.query("UPDATE users SET email_verified = NULL WHERE id = $1", [person.id]);
  await page.reload();
  await expect(mailbox).toContainText("This address is not confirmed yet.");
  await mailbox.getByRole("link", { name: "Change address" }).click();
  await expectPath(page, "/account/profile");
});
