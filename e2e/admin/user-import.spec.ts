import { randomBytes } from "node:crypto";
import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";

// bcrypt of "U*U", of the vectors of crypt_blowfish.
const HASH = "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

const aDomain = () => `${randomBytes(6).toString("hex")}.example`;

test("a file is checked, its bad row repaired or left out, and its users are there (F104, F131)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const domain = aDomain();
  const rows = Array.from({ length: 600 }, (_, at) => `u${at}@${domain},User ${at},${HASH}`);
  rows[10] = "nobody,,";
  await page.goto("/admin/users");
  await page.getByRole("link", { name: "Import" }).click();
  await page.getByLabel("File", { exact: true }).setInputFiles({
    name: "users.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`email,name,password_hash\n${rows.join("\n")}\n`),
  });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Check file" }).click();
  await expect(page).toHaveURL(/\/admin\/users\/import\/[\w-]{36}$/);
  const found = page.getByRole("table", { name: "What was found" }).getByRole("row");
  await expect(found).toHaveCount(2);
  await expect(found.nth(1)).toContainText("12");
  await expect(found.nth(1)).toContainText("nobody");
  await expectAccessible(page);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download CSV" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("import.csv");

  const importAll = page.getByRole("button", { name: "Import 599 users" });
  await importAll.click();
  await expect(page.getByText("Tick this to leave the bad rows out")).toBeVisible();
  const count = async () => {
    const sql = "SELECT count(*)::int AS n FROM users WHERE email LIKE $1";
    return (await database.query<{ n: number }>(sql, [`%@${domain}`])).rows[0]?.n;
  };
  expect(await count()).toBe(0);
  await page.getByLabel("Leave out 1 bad row").check();
  await importAll.click();
  await expect(page.getByRole("heading", { level: 1, name: "Finished" })).toBeVisible();
  expect(await count()).toBe(599);
});

test("several users are changed at once, and what became of each is said (F104)", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const name = `Several ${randomBytes(4).toString("hex")}`;
  const people = [
    await addPerson(database, { name, roles: [] }),
    await addPerson(database, { name, roles: [] }),
  ];
  await page.goto(`/admin/users?${new URLSearchParams({ q: name, status: "active" })}`);
  await page.getByRole("button", { name: "Select all" }).click();
  await page.getByLabel("With the selected").selectOption({ label: "Disable" });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Change selected" }).click();
  const results = page.getByRole("status").filter({ hasText: "What became of each" });
  for (const { email } of people) await expect(results).toContainText(`${email}: disabled`);
  const { rows } = await database.query(
    "SELECT 1 FROM users WHERE name = $1 AND status = 'active'",
    [name],
  );
  expect(rows).toEqual([]);
});
