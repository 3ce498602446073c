import { makeIntruder } from "../../tests/inventory/crossing";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { SESSION_COOKIE } from "../support/people";

const PHONE = { width: 390, height: 844 };

test("where nobody could come through it is not offered; where it is asked for, others get no further and are told why (F86)", async ({
  page,
  context,
  database,
  baseURL,
}) => {
  // Of an organization of its own: the rule is nothing for the other stories.
  const { id, cookie, organizationId } = await makeIntruder(database);
  await context.addCookies([{ name: SESSION_COOKIE, value: cookie, url: baseURL ?? "" }]);
  await page.goto("/admin/sign-in");
  // No connection leads into this one, and a rule that nobody could meet is not offered.
  await expect(
    page.getByLabel("Open the organization only through its own connections"),
  ).toBeDisabled();
  await expectAccessible(page);

  const other = await database.query<{ id: string; name: string }>(
    `INSERT INTO organizations (id, slug, name) VALUES (gen_random_uuid(), $1, 'Elsewhere')
     RETURNING id, name`,
    [`elsewhere-${organizationId.slice(-12)}`],
  );
  await database.query("INSERT INTO memberships (organization_id, user_id) VALUES ($1, $2)", [
    other.rows[0]?.id,
    id,
  ]);
  await database.query(
    "INSERT INTO sign_in_policies (organization_id, sso_required) VALUES ($1, true)",
    [organizationId],
  );
  await page.goto("/account/profile");
  await expect(page).toHaveURL(/\/single-sign-on\?returnTo=%2Faccount%2Fprofile/);
  await expect(page.getByRole("heading", { name: "Sign in at your organization" })).toBeVisible();
  await expect(page.getByText("There is no way in at the moment.")).toBeVisible();
  await expectAccessible(page);
  await page.goto("/account/security?connected=taken");
  await expect(page.getByText("This account signs in as somebody else here.")).toBeVisible();
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);

  await page.getByRole("button", { name: "Switch to Elsewhere" }).click();
  await expect(page).toHaveURL(/\/dashboard/);
  await page.goto("/single-sign-on?returnTo=%2Faccount%2Fprofile");
  await expect(page).toHaveURL(/\/account\/profile/);
});
