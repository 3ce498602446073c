import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";

test("the overview shows what SQL says of the log, for the period that is chosen (F105)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 1, name: "Overview" })).toBeVisible();
  await page
    .getByRole("navigation", { name: "Period" })
    .getByRole("link", { name: "90 days" })
    .click();
  await expect(page).toHaveURL(/range=90d/);
  const refused = async () => {
    const { rows } = await database.query<{ n: number }>(
      "SELECT count(*)::int AS n FROM audit_events WHERE action = 'authorization.denied'",
    );
    return rows[0]?.n ?? 0;
  };
  // Other stories are refused things meanwhile.
  const before = await refused();
  await page.reload();
  const chart = page.getByRole("img", { name: /^Refused requests: / });
  const shown = Number((await chart.getAttribute("aria-label"))?.split(": ")[1]);
  expect(shown).toBeGreaterThanOrEqual(before);
  expect(shown).toBeLessThanOrEqual(await refused());
  await page
    .locator("summary")
    .filter({ hasText: /^Refused requests/ })
    .click();
  await expect(page.getByRole("table", { name: /^Refused requests/ })).toBeVisible();
  await expectAccessible(page);
});
