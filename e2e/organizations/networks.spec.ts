import { makeIntruder } from "../../tests/inventory/crossing";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { SESSION_COOKIE } from "../support/people";

const PHONE = { width: 390, height: 844 };
const ELSEWHERE = "203.0.113.77";

test("an administrator says from where the organization is used; elsewhere there is only the way out (F86)", async ({
  page,
  context,
  newBrowser,
  database,
  baseURL,
  clientAddress,
}) => {
  // Of an organization of its own: the rule is nothing for the other stories.
  const { cookie } = await makeIntruder(database);
  const session = { name: SESSION_COOKIE, value: cookie, url: baseURL ?? "" };
  await context.addCookies([session]);
  await page.goto("/admin/sign-in");
  const networks = page.getByLabel("Addresses that the organization is used from");
  const save = page.getByRole("button", { name: "Save rules" });
  await expect(page.getByText(`You are at ${clientAddress} now.`)).toBeVisible();

  await networks.fill("10.0.0.0/33\nexample.com");
  await save.click();
  await expect(page.getByText("“10.0.0.0/33” is no address and no range")).toBeVisible();
  await expect(page.getByText("“example.com” is no address and no range")).toBeVisible();

  await networks.fill("198.51.100.1/24");
  await page.getByLabel("Hours until a session is over").fill("12");
  await save.click();
  await expect(page.getByText("You are outside of these ranges yourself")).toBeVisible();
  await expect(page.getByLabel("I will go on from one of these networks")).toBeVisible();

  await networks.fill(`198.51.100.1/24\n${clientAddress}`);
  await save.click();
  await expect(page.getByText("The rules are saved.")).toBeVisible();
  await page.goto("/admin/sign-in");
  await expect(networks).toHaveValue(`198.51.100.0/24\n${clientAddress}/32`);
  await expect(page.getByLabel("Hours until a session is over")).toHaveValue("12");
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);
  await expectAccessible(page);

  const away = await newBrowser({
    extraHTTPHeaders: { "x-forwarded-for": ELSEWHERE },
    viewport: PHONE,
  });
  await away.addCookies([session]);
  const elsewhere = await away.newPage();
  const answer = await elsewhere.goto("/dashboard");
  expect(answer?.status()).toBe(403);
  await expect(elsewhere.getByRole("heading", { name: "Not from this network" })).toBeVisible();
  await expect(elsewhere.getByText(ELSEWHERE)).toBeVisible();
  await expectNoSidewaysScrolling(elsewhere);
  await expectAccessible(elsewhere);
  const decisionId = await elsewhere.locator("code").innerText();
  const { rows } = await database.query("SELECT outcome, reason FROM audit_events WHERE id = $1", [
    decisionId,
  ]);
  expect(rows).toEqual([{ outcome: "denied", reason: "network: not-allowed" }]);

  await elsewhere.getByRole("button", { name: "Sign out" }).click();
  await expect(elsewhere).toHaveURL(/\/sign-in|\/signed-out/);
  await page.goto("/dashboard");
  await expect(page).toHaveURL(/\/sign-in/);
});
