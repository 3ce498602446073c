import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { anApp } from "../support/an-app";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath, signInScreen } from "../support/screens";
import { NEW_PASSWORD, newAddress } from "../support/texts";

/** Signs in on the page that is there: its address knows where it goes on. */
async function fillIn(page: Page, person: { email: string; password: string }): Promise<void> {
  const screen = signInScreen(page);
  await screen.email.fill(person.email);
  await screen.password.fill(person.password);
  await screen.submit.click();
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody signs in to an app and allows it, ${javaScriptEnabled ? "with" : "without"} script (F67)`, async ({
    newBrowser,
    database,
  }) => {
    const app = await anApp(database);
    const person = await addPerson(database, {});
    const page = await (await newBrowser({ javaScriptEnabled })).newPage();
    await page.goto(`${app.url}&login_hint=${encodeURIComponent(person.email)}`);
    await expect(page.getByLabel("Email")).toHaveValue(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
    await expect(page.getByText("see your email address")).toBeVisible();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    expect(await app.redeem(page)).toMatchObject({ token_type: "Bearer", scope: "openid email" });
    app.close();
  });

  test(`a refusal is told to the app, ${javaScriptEnabled ? "with" : "without"} script`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const app = await anApp(database);
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ browser: context });
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByRole("button", { name: "Do not allow" }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
    app.close();
  });
}

test("the sign-in page fills in one address, and nothing that is none", async ({ newBrowser }) => {
  const page = await (await newBrowser()).newPage();
  for (const [query, filled] of [
    ["email=Ada%40Example.com", "ada@example.com"],
    ["email=ada", ""],
    ["email=ada%40example.com&email=eve%40example.com", ""],
    ["login_hint=ada%40example.com&password=ada%40example.com", ""],
  ] as const) {
    await page.goto(`${running().url}/sign-in?${query}`);
    await expect(page.getByLabel("Email")).toHaveValue(filled);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  }
});

test("whoever creates an account on the way to an app gets there", async ({
  newBrowser,
  database,
  mailbox,
}) => {
  const app = await anApp(database);
  const page = await (await newBrowser()).newPage();
  const email = newAddress();
  await page.goto(app.url);
  await page.getByRole("link", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { name: "Create account" })).toBeVisible();
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await expectPath(page, "/verify-email");
  const link = await mailbox.linkTo(email);
  expect(new URL(link).searchParams.get("returnTo")).toBeNull();
  await page.goto(link);
  await page.getByRole("button", { name: "Confirm email address" }).click();
  await expect(page.getByText("Your email address is confirmed.")).toBeVisible();
  await fillIn(page, { email, password: NEW_PASSWORD });
  await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
  app.close();
});

test("whoever has forgotten their password on the way to an app gets there", async ({
  newBrowser,
  database,
  mailbox,
}) => {
  const app = await anApp(database);
  const person = await addPerson(database, {});
  const page = await (await newBrowser()).newPage();
  await page.goto(app.url);
  await page.getByRole("link", { name: "Forgot it?" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await page.getByLabel("Email", { exact: true }).fill(person.email);
  await page.getByRole("button", { name: "Send link" }).click();
  await expectPath(page, "/reset-password?sent=1");
  await page.goto(await mailbox.linkTo(person.email));
  await page.getByLabel("New password", { exact: true }).fill(NEW_PASSWORD);
  await page.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await fillIn(page, { ...person, password: NEW_PASSWORD });
  await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
  app.close();
});

test("a request that has grown too old says so, and leads home", async ({ page, signedInAs }) => {
  await signedInAs();
  await page.goto("/interaction/gone");
  await expect(page.getByRole("heading", { name: "This request is over" })).toBeVisible();
  await page.getByRole("link", { name: "Go to your account" }).click();
  await expectPath(page, "/dashboard");
});

for (const javaScriptEnabled of [true, false]) {
  test(`an app's request goes on with another account, ${javaScriptEnabled ? "with" : "without"} script (F36)`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const app = await anApp(database);
    const context = await newBrowser({ javaScriptEnabled });
    const first = await signedInAs({ browser: context });
    const second = await addPerson(database, {});
    const page = await context.newPage();

    await page.goto(`${app.url}&prompt=select_account`);
    await expect(page.getByRole("heading", { name: "Choose an account" })).toBeVisible();
    await expect(page.getByText(first.email)).toBeVisible();
    await page.getByRole("button", { name: "Add another account" }).click();
    await page.getByLabel("Email").fill(second.email);
    await page.getByLabel("Password", { exact: true }).fill(second.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
    await expect(page.getByText(second.email)).toBeVisible();
    await expect(page.getByText(/a program on this device: 127\.0\.0\.1:/)).toBeVisible();
    // Both run in the page.
    if (javaScriptEnabled) {
      await expectAccessible(page);
      await expectNoSidewaysScrolling(page);
    }

    await page.getByRole("button", { name: "Use another account" }).click();
    await page.getByRole("button", { name: `Use ${first.email}` }).click();
    await expect(page.getByText(first.email)).toBeVisible();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    const { id_token: idToken } = await app.redeem(page);
    const [, claims = ""] = String(idToken).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      sub: first.id,
    });
    app.close();
  });
}
