import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import {
  CLIENT,
  type OpenidProvider,
  startOpenidProvider,
} from "../../tests/support/openid-provider";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { SESSION_COOKIE } from "../support/people";
import { expectPath } from "../support/screens";

const slug = `corp-${randomBytes(4).toString("hex")}`;
const name = `Corporate ${slug.slice(-4)}`;
const aSubject = (): string => `person-${randomBytes(6).toString("hex")}`;

let provider: OpenidProvider;
test.beforeAll(async () => {
  provider = await startOpenidProvider([`${running().url}/api/auth/callback/${slug}`]);
});
test.afterAll(() => provider.stop());

/** The provider's own pages ask for a font elsewhere, where tests cannot reach. */
const withoutFonts = (page: Page): Promise<unknown> =>
  page.route(/fonts\.googleapis\.com/, (route) =>
    route.fulfill({ contentType: "text/css", body: "" }),
  );

/** Begins on the sign-in page, as anybody does. */
async function startAt(page: Page, path = "/sign-in"): Promise<void> {
  await withoutFonts(page);
  await page.goto(path);
  await page.getByRole("button", { name: `Continue with ${name}` }).click();
}

/** Signs in at the provider, with the pages that it has of its own, and agrees. */
async function agree(page: Page, subject: string): Promise<void> {
  await page.locator("input[name=login]").fill(subject);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click();
}

test.describe.configure({ mode: "serial" });

test("an administrator sets a provider up, and the next request offers it (F7)", async ({
  page,
  signedInAs,
  newBrowser,
  database,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/connections");
  await page.getByRole("link", { name: "New connection" }).first().click();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Set up Another OpenID provider" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Id", { exact: true }).fill(slug);
  const callback = `${running().url}/api/auth/callback/${slug}`;
  await expect(page.getByText(callback)).toBeVisible();
  await page.getByLabel("Issuer").fill(provider.issuer);
  await page.getByLabel("Client id").fill(CLIENT.id);
  await page.getByLabel("Client secret").fill(CLIENT.secret);
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(page);
  await page.getByRole("button", { name: "Create connection" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  await expect(page.getByText(callback)).toBeVisible();
  await expectAccessible(page);
  await expectNoSidewaysScrolling(page);

  const before = await (await newBrowser()).newPage();
  await before.goto("/sign-in");
  await expect(before.getByRole("button", { name: `Continue with ${name}` })).toHaveCount(0);
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText(`${name} is on the sign-in page now.`)).toBeVisible();

  const subject = aSubject();
  await startAt(before, "/sign-in?returnTo=%2Faccount%2Fprofile");
  await agree(before, subject);
  await expectPath(before, "/account/profile");
  await expect(before.getByRole("textbox", { name: "Name" })).toHaveValue(`Dr. ${subject}`);
  const { rows } = await database.query(
    "SELECT provider_account_id FROM accounts WHERE provider = $1",
    [slug],
  );
  expect(rows).toEqual([{ provider_account_id: subject }]);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the provider is reached by a page of ours, as the policy wants it (F124)", async ({
    page,
  }) => {
    await startAt(page);
    await agree(page, aSubject());
    await expectPath(page, "/dashboard");
  });
});

test("whoever is at the provider when it is switched off is refused, and learns why (ATK-16)", async ({
  page,
  context,
  database,
  clientAddress,
}) => {
  await startAt(page);
  await page.locator("input[name=login]").fill(aSubject());
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await database.query("UPDATE connections SET enabled = false WHERE slug = $1", [slug]);
  try {
    await page.locator("button[type=submit]").click();
    await expect(
      page.getByRole("alert").filter({ hasText: "not set up here any more" }),
    ).toBeVisible();
  } finally {
    await database.query("UPDATE connections SET enabled = true WHERE slug = $1", [slug]);
  }
  const cookies = await context.cookies();
  expect(cookies.some((cookie) => cookie.name === SESSION_COOKIE)).toBe(false);
  const events = await database.query(
    "SELECT reason FROM audit_events WHERE action = 'session.rejected' AND ip = $1",
    [clientAddress],
  );
  expect(events.rows).toEqual([{ reason: `${slug}: callback-invalid` }]);
});

for (const [what, tamper] of [
  [
    "with the issuer of another",
    ({ searchParams }) => searchParams.set("iss", "https://evil.example.com"),
  ],
  ["without the issuer that it promises", ({ searchParams }) => searchParams.delete("iss")],
  [
    "at the callback of Google",
    (url) => Object.assign(url, { pathname: "/api/auth/callback/google" }),
  ],
  ["with the state of somebody else", ({ searchParams }) => searchParams.set("state", "other")],
] as [string, (callback: URL) => void][]) {
  test(`an answer of the provider ${what} is refused (RFC 9207, ATK-11)`, async ({
    page,
    context,
  }) => {
    await startAt(page);
    provider.tamper = tamper;
    try {
      await agree(page, aSubject());
      await expect(
        page.getByRole("alert").filter({ hasText: "Signing in with the provider did not work" }),
      ).toBeVisible();
    } finally {
      provider.tamper = null;
    }
    const cookies = await context.cookies();
    expect(cookies.some((cookie) => cookie.name === SESSION_COOKIE)).toBe(false);
  });
}

test("a test shows each step and the claims, signs nobody in, and says what is wrong", async ({
  page,
  context,
  signedInAs,
  database,
}) => {
  const person = await signedInAs({ roles: ["Admin"] });
  const subject = aSubject();
  await withoutFonts(page);
  await page.goto("/admin/connections");
  await page.getByRole("link", { name }).click();
  await page.getByRole("button", { name: "Test connection" }).click();
  await agree(page, subject);
  await expect(page.getByText("The connection works")).toBeVisible();
  await expect(page.getByText(`${subject}@example.com`).first()).toBeVisible();
  await expectAccessible(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScrolling(page);
  const cookie = (await context.cookies()).find((it) => it.name === SESSION_COOKIE)?.value;
  expect(cookie).toBe(person.cookie);
  const { rowCount } = await database.query(
    "SELECT 1 FROM accounts WHERE provider = $1 AND provider_account_id = $2",
    [slug, subject],
  );
  expect(rowCount).toBe(0);

  await page.getByRole("link", { name, exact: true }).click();
  await page.getByLabel("New client secret").fill("a wrong one");
  await page.getByRole("button", { name: "Replace secret" }).click();
  await expect(page.getByText(`${name} uses the new secret.`)).toBeVisible();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.waitForURL(/\/test\//);
  await expect(page.getByText("The client secret is wrong").first()).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name, exact: true }).click();
  await page.getByLabel("Client id").fill("nobody-knows-me");
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByText(`${name} is saved.`)).toBeVisible();
  await page.getByRole("button", { name: "Test connection" }).click();
  await page.waitForURL(/\/test\//);
  await expect(page.getByText("It does not know this client id").first()).toBeVisible();
});

test("a connection is renamed, switched off and deleted, and tells whom that would lock out", async ({
  page,
  signedInAs,
  database,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await page.goto("/admin/connections");
  await page.getByRole("link", { name }).click();
  await page.getByLabel("Name", { exact: true }).fill(`${name} II`);
  await page.getByRole("button", { name: "Save settings" }).click();
  await expect(page.getByRole("heading", { name: `${name} II` })).toBeVisible();
  await page.getByRole("button", { name: "Switch off" }).click();
  await page.getByRole("button", { name: "Switch off now" }).click();
  await expect(page.getByText(/could not sign in any more/)).toBeVisible();
  await page.getByLabel("They will have to reset their password by mail").check();
  await page.getByRole("button", { name: "Switch off now" }).click();
  await expect(page.getByText(`${name} II signs nobody in any more.`)).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete connection" }).click();
  await page.getByLabel("They will have to reset their password by mail").check();
  await page.getByRole("button", { name: "Delete connection" }).click();
  await expectPath(page, "/admin/connections");
  const { rowCount } = await database.query("SELECT 1 FROM accounts WHERE provider = $1", [slug]);
  expect(rowCount).toBe(0);
});
