import type { Page } from "@playwright/test";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";
import { newAddress } from "../support/texts";

const newSubject = (): string => String(Date.now() * 1_000 + Math.floor(Math.random() * 1_000));

async function signInAtProvider(page: Page, subject: string): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Continue with Google" }).click();
  await expect(page.getByRole("heading", { name: "Upstream" })).toBeVisible();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Email").fill(newAddress());
  await page.getByRole("button", { name: "Continue" }).click();
  await expectPath(page, "/dashboard");
}

async function signOutHereAndThere(page: Page): Promise<void> {
  const subject = newSubject();
  await signInAtProvider(page, subject);
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page.getByRole("heading", { name: "You are signed out here" })).toBeVisible();
  await expectPath(page, "/signed-out");
  await page.getByRole("link", { name: "Sign out at Google" }).click();
  await expect(page.getByRole("heading", { name: "Signed out upstream" })).toBeVisible();
  expect(new URL(page.url()).origin).toBe(running().identityProviderUrl);
  // It was told whom by the id token that came at sign-in.
  await expect(page.getByText(subject)).toBeVisible();
  await page.getByRole("link", { name: "Go back" }).click();
  await expect(
    page.getByRole("heading", { name: "You are signed out", exact: true }),
  ).toBeVisible();
  await expect(page.getByText("your provider was asked to end its own")).toBeVisible();
  await page.getByRole("link", { name: "Sign in again" }).click();
  await expectPath(page, "/sign-in");
}

test("who came from a provider signs out here, and chooses to do so there, too (F74)", async ({
  page,
}) => {
  await signOutHereAndThere(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the way to the provider's sign-out and back needs no JavaScript (F74)", async ({
    page,
  }) => {
    await signOutHereAndThere(page);
  });
});

test("nobody who was not sent there is told of a sign-out at a provider", async ({ page }) => {
  await page.goto("/signed-out?state=anything");
  await expect(
    page.getByRole("heading", { name: "You are signed out", exact: true }),
  ).toBeVisible();
  await expect(page.getByText("your provider was asked")).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Sign out at" })).toHaveCount(0);
});

test("signing out at the provider ends the session here with the next request (F74, ATK-39)", async ({
  page,
  request,
}) => {
  const subject = newSubject();
  await signInAtProvider(page, subject);
  const issuer = running().identityProviderUrl;
  const iat = Math.floor(Date.now() / 1_000);
  const signed = await request.post(`${issuer}/sign`, {
    data: {
      header: { typ: "logout+jwt" },
      claims: {
        iss: issuer,
        aud: "gatehouse-test",
        iat,
        exp: iat + 120,
        jti: subject,
        sid: `session-of-${subject}`,
        events: { "http://schemas.openid.net/event/backchannel-logout": {} },
      },
    },
  });
  const { token } = (await signed.json()) as { token: string };
  const logOut = () =>
    request.post("/api/auth/backchannel-logout/google", { form: { logout_token: token } });
  expect((await logOut()).status()).toBe(200);
  await page.goto("/account/profile");
  await expectPath(page, "/sign-in?returnTo=%2Faccount%2Fprofile");
  expect((await logOut()).status()).toBe(400);
});
