import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";

test("a session that lay idle is kept until its user confirms, and then goes on (NIST-16)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  await database.query(
    `WITH o AS (INSERT INTO organizations (id, slug, name)
                VALUES (gen_random_uuid(), 'idle-' || $1, 'Idle') RETURNING id),
          p AS (INSERT INTO sign_in_policies (organization_id, session_level)
                SELECT id, 'aal2' FROM o),
          m AS (INSERT INTO memberships (organization_id, user_id) SELECT id, $1::uuid FROM o)
     UPDATE sessions SET organization_id = o.id, auth_time = now() - interval '2 hours' FROM o
      WHERE user_id = $1::uuid`,
    [person.id],
  );
  await page.goto("/account/profile");
  await expectPath(page, "/account/profile");
  await database.query(
    "UPDATE sessions SET last_seen_at = now() - interval '61 minutes' WHERE user_id = $1",
    [person.id],
  );
  await page.goto("/account/profile");
  await page.waitForURL(/\/challenge\/password\?for=step-up/);
  await expectAccessible(page);
  await page.goto("/account/sessions");
  await page.waitForURL(/\/challenge\/password\?for=step-up/);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expectPath(page, "/account/sessions");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
