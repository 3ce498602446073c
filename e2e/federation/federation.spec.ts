import type { Page } from "@playwright/test";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { addPerson, SESSION_COOKIE } from "../support/people";
import { expectPath, signIn } from "../support/screens";
import { newAddress } from "../support/texts";

let subjects = Date.now();
const newSubject = (): string => String((subjects += 1));

/** Goes from the sign-in page to the provider's, which asks who signs in. */
async function startAt(page: Page, provider: string, path = "/sign-in"): Promise<void> {
  await page.goto(path);
  await page.getByRole("button", { name: `Continue with ${provider}` }).click();
  await expect(page.getByRole("heading", { name: "Upstream" })).toBeVisible();
}

interface Answer {
  subject: string;
  email: string;
  name?: string;
  verified?: boolean;
  misbehave?: string;
}

async function answer(page: Page, { subject, email, ...rest }: Answer): Promise<void> {
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Name").fill(rest.name ?? "Upstream Person");
  await page.getByLabel("Verified").setChecked(rest.verified ?? true);
  await page.getByLabel("Misbehave").fill(rest.misbehave ?? "");
  await page.getByRole("button", { name: "Continue" }).click();
}

const refusal = (page: Page, text: string | RegExp) =>
  page.getByRole("alert").filter({ hasText: text });
const NOT_WORKED = /Signing in with the provider did not work/;

for (const provider of ["Google", "GitHub"]) {
  test.describe(provider, () => {
    test("signs up whoever is new, and signs the same person in again (F6)", async ({
      page,
      newBrowser,
      database,
    }) => {
      const person = { subject: newSubject(), email: newAddress(), name: "Uma Upstream" };
      await startAt(page, provider, "/sign-in?returnTo=%2Faccount%2Fprofile");
      await answer(page, person);
      await expectPath(page, "/account/profile");
      await expect(page.getByText(person.email).first()).toBeVisible();
      await expect(page.getByRole("textbox", { name: "Name" })).toHaveValue("Uma Upstream");
      await page.goto("/account/security");
      await expect(page.getByText(provider, { exact: true })).toBeVisible();

      const later = await (await newBrowser()).newPage();
      await startAt(later, provider);
      await answer(later, { ...person, email: newAddress() });
      await expectPath(later, "/dashboard");
      const { rows } = await database.query("SELECT email FROM users WHERE email = $1", [
        person.email,
      ]);
      expect(rows).toHaveLength(1);
    });

    test("the address of an existing account is not linked, and that is on record (ATK-15)", async ({
      page,
      context,
      database,
      clientAddress,
    }) => {
      const owner = await addPerson(database);
      await startAt(page, provider);
      await answer(page, { subject: newSubject(), email: owner.email });
      await expect(refusal(page, "There is an account with this email address")).toBeVisible();
      expect(await sessionOf(context)).toBeUndefined();
      const accounts = await database.query("SELECT 1 FROM accounts WHERE user_id = $1", [
        owner.id,
      ]);
      expect(accounts.rowCount).toBe(0);
      const events = await database.query(
        "SELECT reason FROM audit_events WHERE action = 'session.rejected' AND ip = $1",
        [clientAddress],
      );
      expect(events.rows).toEqual([{ reason: `${provider.toLowerCase()}: account-exists` }]);
    });

    test("an address that the provider has not verified opens nothing", async ({
      page,
      context,
      database,
    }) => {
      const email = newAddress();
      await startAt(page, provider);
      await answer(page, { subject: newSubject(), email, verified: false });
      await expect(refusal(page, "has not verified your email address")).toBeVisible();
      expect(await sessionOf(context)).toBeUndefined();
      const users = await database.query("SELECT 1 FROM users WHERE email = $1", [email]);
      expect(users.rowCount).toBe(0);
    });

    test("a disabled user does not come in through the provider", async ({
      page,
      newBrowser,
      database,
    }) => {
      const person = { subject: newSubject(), email: newAddress() };
      await startAt(page, provider);
      await answer(page, person);
      await expectPath(page, "/dashboard");
      await database.query("UPDATE users SET status = 'disabled' WHERE email = $1", [person.email]);
      const later = await (await newBrowser()).newPage();
      await startAt(later, provider);
      await answer(later, person);
      await expect(refusal(later, "This account cannot sign in")).toBeVisible();
    });

    test("a state of nobody's making is refused, and that is on record (F6)", async ({
      page,
      context,
      database,
      clientAddress,
    }) => {
      await startAt(page, provider);
      const field = page.locator("input[name=state]");
      await field.evaluate((input: HTMLInputElement) => {
        input.value = "somebody-else";
      });
      await answer(page, { subject: newSubject(), email: newAddress() });
      await expect(refusal(page, NOT_WORKED)).toBeVisible();
      expect(await sessionOf(context)).toBeUndefined();
      const events = await database.query(
        "SELECT reason FROM audit_events WHERE action = 'session.rejected' AND ip = $1",
        [clientAddress],
      );
      expect(events.rows).toEqual([{ reason: `${provider.toLowerCase()}: callback-invalid` }]);
    });

    test("a callback is worth nothing a second time, nor in another browser (ATK-17)", async ({
      page,
      context,
      newBrowser,
    }) => {
      let callback = "";
      page.on("request", (request) => {
        if (request.url().includes("/api/auth/callback/")) callback = request.url();
      });
      await startAt(page, provider);
      await answer(page, { subject: newSubject(), email: newAddress() });
      await expectPath(page, "/dashboard");
      expect(callback).not.toBe("");

      await context.clearCookies({ name: SESSION_COOKIE });
      await page.goto(callback);
      await expect(refusal(page, NOT_WORKED)).toBeVisible();
      expect(await sessionOf(context)).toBeUndefined();
      const other = await newBrowser();
      const elsewhere = await other.newPage();
      await elsewhere.goto(callback);
      await expect(refusal(elsewhere, NOT_WORKED)).toBeVisible();
      expect(await sessionOf(other)).toBeUndefined();
    });

    test("what the person declined, or the provider broke, is told plainly", async ({
      page,
      baseURL,
    }) => {
      await startAt(page, provider);
      const state = await page.locator("input[name=state]").inputValue();
      const query = new URLSearchParams({ error: "access_denied", state });
      await page.goto(`${baseURL}/api/auth/callback/${provider.toLowerCase()}?${query}`);
      await expect(refusal(page, NOT_WORKED)).toBeVisible();
    });
  });
}

test("signing in at the provider ends the session that the browser had (ATK-32)", async ({
  page,
  context,
  newBrowser,
  baseURL,
  database,
}) => {
  const earlier = await addPerson(database);
  await signIn(page, earlier);
  await expectPath(page, "/dashboard");
  const before = (await sessionOf(context)) ?? "";
  // The sign-in page sends whoever is signed in home; another tab may still be open on it.
  await context.clearCookies({ name: SESSION_COOKIE });
  await startAt(page, "Google");
  await context.addCookies([{ name: SESSION_COOKIE, value: before, url: baseURL ?? "" }]);
  await answer(page, { subject: newSubject(), email: newAddress() });
  await expectPath(page, "/dashboard");
  expect(await sessionOf(context)).not.toBe(before);

  const thief = await newBrowser();
  await thief.addCookies([{ name: SESSION_COOKIE, value: before, url: baseURL ?? "" }]);
  const elsewhere = await thief.newPage();
  await elsewhere.goto("/account/profile");
  await expectPath(elsewhere, "/sign-in?returnTo=%2Faccount%2Fprofile");
});

for (const misbehave of ["wrong nonce", "wrong audience"]) {
  test(`an id token with the ${misbehave} is refused`, async ({ page, context }) => {
    await startAt(page, "Google");
    await answer(page, { subject: newSubject(), email: newAddress(), misbehave });
    await expect(refusal(page, NOT_WORKED)).toBeVisible();
    expect(await sessionOf(context)).toBeUndefined();
  });
}

for (const [first, second] of [
  ["Google", "GitHub"],
  ["GitHub", "Google"],
] as const) {
  test(`what began at ${first} does not end at the callback of ${second} (ATK-11)`, async ({
    page,
    context,
  }) => {
    await startAt(page, first);
    // The test's provider is both, and would redeem the code: only our own binding can refuse.
    await page.locator("input[name=redirect_uri]").evaluate(
      (input: HTMLInputElement, [from, to]) => {
        input.value = input.value.replace(`/callback/${from}`, `/callback/${to}`);
      },
      [first.toLowerCase(), second.toLowerCase()],
    );
    await answer(page, { subject: newSubject(), email: newAddress() });
    await expect(refusal(page, NOT_WORKED)).toBeVisible();
    expect(await sessionOf(context)).toBeUndefined();
  });
}

test("the provider is asked with PKCE, state and nonce, and sent back to APP_URL (ATK-36)", async ({
  page,
  baseURL,
}) => {
  await startAt(page, "Google");
  const asked = new URL(page.url());
  expect(asked.origin).toBe(running().identityProviderUrl);
  expect(asked.searchParams.get("redirect_uri")).toBe(`${baseURL}/api/auth/callback/google`);
  expect(asked.searchParams.get("code_challenge_method")).toBe("S256");
  expect(asked.searchParams.get("code_challenge")).toMatch(/^[\w-]{43}$/);
  expect(asked.searchParams.get("nonce")?.length).toBeGreaterThan(20);
  expect(asked.searchParams.get("state")?.length).toBeGreaterThan(20);
});

test("nothing else of the sign-in library answers (ATK-14)", async ({ request }) => {
  for (const path of [
    "signin",
    "signin/google",
    "signout",
    "session",
    "csrf",
    "providers",
    "error",
    "callback/credentials",
    "callback/google/x",
    "verify-request",
    "webauthn-options/x",
  ]) {
    const answered = await request.get(`/api/auth/${path}`, { maxRedirects: 0 });
    expect(answered.status(), path).toBe(404);
  }
  const posted = await request.post("/api/auth/callback/credentials", { form: { ticket: "x" } });
  expect(posted.status()).toBe(405);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the provider is reached and left without JavaScript", async ({ page }) => {
    await startAt(page, "Google");
    await answer(page, { subject: newSubject(), email: newAddress() });
    await expectPath(page, "/dashboard");
  });
});

async function sessionOf(context: import("@playwright/test").BrowserContext) {
  return (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)?.value;
}
