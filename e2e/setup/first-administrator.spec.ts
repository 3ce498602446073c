import { expect, test } from "../support/fixtures";
import { expectPath, signIn } from "../support/screens";
import { NEW_PASSWORD } from "../support/texts";

test("the printed link makes the first administrator, once (ATK-45)", async ({
  gatehouse,
  newBrowser,
}) => {
  const page = await (await newBrowser({ baseURL: gatehouse.url })).newPage();
  await page.goto("/setup");
  await expect(page.getByRole("heading", { name: "The link is needed" })).toBeVisible();
  await page.goto(`/setup?token=${"A".repeat(43)}`);
  await expect(page.getByRole("heading", { name: "The link is needed" })).toBeVisible();

  await page.goto(gatehouse.setupUrl);
  await page.getByLabel("Name").fill("Ada First");
  await page.getByLabel("Email", { exact: true }).fill("ada@example.com");
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("You are the first administrator.")).toBeVisible();

  await signIn(page, { email: "ada@example.com", password: NEW_PASSWORD });
  await expectPath(page, "/dashboard");
  await page.goto("/admin");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.goto("/admin/users");
  await expect(page.getByRole("main").getByText("ada@example.com")).toBeVisible();

  const stranger = await (await newBrowser({ baseURL: gatehouse.url })).newPage();
  expect((await stranger.goto(gatehouse.setupUrl))?.status()).toBe(404);
  expect((await stranger.goto("/setup"))?.status()).toBe(404);
});
