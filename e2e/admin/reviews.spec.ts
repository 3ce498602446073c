import type { Page } from "@playwright/test";
import type pg from "pg";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, type Person } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };
const DAY_MS = 86_400_000;

const rolesOf = async (database: pg.Pool, { id }: Person): Promise<number> =>
  (await database.query("SELECT 1 FROM user_roles WHERE user_id = $1", [id])).rowCount ?? 0;

const dayAfter = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Fills in the form for a review of these people by this reviewer, and starts it. */
async function start(page: Page, name: string, people: Person[], reviewer: Person): Promise<void> {
  await page.goto("/admin/reviews");
  await page.getByRole("link", { name: "New review" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Due on").fill(dayAfter(10));
  await page.getByLabel("Asks about").selectOption("people");
  await page.getByLabel("People").fill(people.map(({ email }) => email).join("\n"));
  await page
    .getByRole("group", { name: "Reviewers" })
    .getByRole("checkbox", { name: new RegExp(reviewer.email) })
    .check();
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

test("a review is started, answered by its reviewer, closed by hand, and proven", async ({
  page,
  database,
  mailbox,
  newBrowser,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_invoice"]);
  const people = await Promise.all(
    ["one", "two", "three", "four"].map(() => addPerson(database, { roles: [role] })),
  );
  const [kept, single, bulk, silent] = people as [Person, Person, Person, Person];
  const theirs = await newBrowser();
  const reviewer = await signedInAs({
    roles: [await addRole(database, ["answer_reviews"])],
    browser: theirs,
  });
  await signedInAs({ roles: ["Admin"] });
  const name = `Spring ${Date.now()}`;
  await start(page, name, people, reviewer);
  await expect(page.getByText("0 of 4 grants answered or ended.")).toBeVisible();
  await expectAccessible(page);
  const reviewUrl = page.url();

  // The reviewer comes by the mail, and sees nothing but what they are asked.
  const answering = await theirs.newPage();
  await answering.goto(await mailbox.linkTo(reviewer.email));
  await expect(answering.getByRole("heading", { name, level: 1 })).toBeVisible();
  await expect(answering.getByRole("button", { name: "Close now" })).toHaveCount(0);
  await expectAccessible(answering);
  await answering.getByRole("button", { name: `Keep ${role} of ${kept.email}` }).press("Enter");
  await expect(answering.getByText("1 grant kept.")).toBeVisible();
  await answering.getByRole("button", { name: `Revoke ${role} of ${single.email}` }).click();
  await answering.getByLabel("Why").fill("left the team");
  await answering.getByRole("button", { name: "Revoke grant" }).click();
  await expect(answering.getByText("1 grant revoked.")).toBeVisible();
  expect(await rolesOf(database, single)).toBe(0);

  // Several at once are asked twice.
  await answering.getByRole("button", { name: "Revoke selected" }).click();
  await expect(answering.getByText("Tick what you answer first.")).toBeVisible();
  await answering.getByRole("checkbox", { name: `Select ${role} of ${bulk.email}` }).check();
  await answering.getByRole("button", { name: "Revoke selected" }).click();
  await expect(answering.getByText(/1 grant would end at once/)).toBeVisible();
  expect(await rolesOf(database, bulk)).toBe(1);
  await answering.getByLabel("I mean to revoke all that is ticked").check();
  await answering.getByRole("button", { name: "Revoke selected" }).click();
  // The message is the same as before: what came of it tells.
  await expect.poll(() => rolesOf(database, bulk)).toBe(0);
  await expect(answering.getByRole("checkbox", { name: /^Select/ })).toHaveCount(2);
  await answering.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(answering);

  await page.goto(reviewUrl);
  await expect(page.getByText("3 of 4 grants answered or ended.")).toBeVisible();
  await page.getByRole("button", { name: "Close now" }).click();
  await expect(page.getByText(/1 grant without an answer will be revoked/)).toBeVisible();
  await page.getByRole("button", { name: "Close review" }).click();
  await expect(page.getByText("The review is closed.")).toBeVisible();
  expect(await rolesOf(database, silent)).toBe(0);
  expect(await rolesOf(database, kept)).toBe(1);

  await page.getByRole("link", { name: "Evidence" }).click();
  await expect(page.getByRole("heading", { name: `Evidence: ${name}` })).toBeVisible();
  await expect(page.getByText("left the team")).toBeVisible();
  await expect(page.getByText("Revoked, unanswered").first()).toBeVisible();
  await expectAccessible(page);
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("complementary", { name: "Sidebar" })).toBeHidden();
  await page.emulateMedia({ media: null });
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download CSV" }).click();
  expect((await downloading).suggestedFilename()).toMatch(/^access-review-.*\.csv$/);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
});

test("a review is called off, and nothing is revoked by it", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await addPerson(database);
  const reviewer = await addPerson(database, {
    roles: [await addRole(database, ["answer_reviews"])],
  });
  await signedInAs({ roles: ["Admin"] });
  await start(page, `Off ${Date.now()}`, [person], reviewer);
  await page.getByRole("button", { name: "Cancel review" }).click();
  await page.getByRole("button", { name: "Call it off" }).click();
  await expect(page.getByText(/The review is cancelled/)).toBeVisible();
  expect(await rolesOf(database, person)).toBe(1);
});

test("what cannot be started is told beside what to mend", async ({
  page,
  database,
  signedInAs,
}) => {
  const reviewer = await addPerson(database, {
    roles: [await addRole(database, ["answer_reviews"])],
  });
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/reviews/new");
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(page.getByText("Choose at least one reviewer.")).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill("Mine");
  await page.getByLabel("Due on").fill(dayAfter(-2));
  await page.getByLabel("Asks about").selectOption("people");
  await page.getByLabel("People").fill("nobody@example.com");
  const tick = page.getByRole("checkbox", { name: new RegExp(reviewer.email) });
  await tick.check();
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(page.getByText("Nobody here has the address nobody@example.com.")).toBeVisible();
  await expect(tick).toBeChecked();
  await page.getByLabel("People").fill(reviewer.email);
  await page.getByRole("button", { name: "Start review" }).click();
  await expect(page.getByText(/Nobody answers for themselves/)).toBeVisible();
  await expectPath(page, "/admin/reviews/new");
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("grants are ticked and kept, and one is revoked", async ({ page, database, signedInAs }) => {
    const role = await addRole(database, ["view_invoice"]);
    const [kept, gone] = [
      await addPerson(database, { roles: [role] }),
      await addPerson(database, { roles: [role] }),
    ];
    const answering = await addRole(database, ["answer_reviews", "manage_reviews", "view_invoice"]);
    const reviewer = await signedInAs({ roles: [answering] });
    await start(page, `Plain ${Date.now()}`, [kept, gone], reviewer);
    await page.getByRole("checkbox", { name: `Select ${role} of ${kept.email}` }).check();
    await page.getByRole("button", { name: "Keep selected" }).click();
    await expect(page.getByText("To be kept").last()).toBeVisible();
    const label = `Revoke ${role} of ${gone.email}`;
    await page.locator(`summary[aria-label="${label}"]`).click();
    await page
      .getByRole("row", { name: gone.email })
      .getByRole("button", { name: "Revoke grant" })
      .click();
    await expect(page.getByRole("row", { name: gone.email })).toContainText("Revoked");
    expect(await rolesOf(database, kept)).toBe(1);
    expect(await rolesOf(database, gone)).toBe(0);
  });
});
