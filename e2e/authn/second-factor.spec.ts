import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessibility";
import { VirtualAuthenticator } from "../support/authenticator";
import { letCodesBeUnused, setUpApp } from "../support/authenticator-app";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession, SESSION_COOKIE } from "../support/people";
import { expectPath, signIn } from "../support/screens";

const code = (page: Page) => page.getByLabel("Code", { exact: true });
const proceed = (page: Page) => page.getByRole("button", { name: "Continue", exact: true }).click();

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
}

test("an authenticator app is set up, asked for, and spared on a trusted device (F17, F21)", async ({
  page,
  context,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  await page.goto("/account/security");
  await expect(page.getByText("Your account has one lock")).toBeVisible();
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expectPath(page, "/account/security/authenticator");
  await expectAccessible(page);
  await code(page).fill("000000");
  await page.getByRole("button", { name: "Use this app" }).click();
  await expect(page.getByText("This is not the code that your app shows now.")).toBeVisible();

  const before = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)?.value;
  const app = await setUpApp(page);
  await expectPath(page, "/account/security?added=totp");
  const after = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)?.value;
  expect(after).not.toBe(before);
  await expect(page.getByText("There is no spare key")).toBeVisible();

  await signOut(page);
  await signIn(page, person, "/sign-in?returnTo=%2Finvoices");
  await expectPath(page, "/challenge/totp");
  await expectAccessible(page);
  await code(page).fill("000000");
  await proceed(page);
  await expect(page.getByText("This is not the code that your app shows now.")).toBeVisible();
  await code(page).fill(app.code());
  await page.getByLabel("Trust this device").check();
  await proceed(page);
  await expectPath(page, "/invoices");

  await signOut(page);
  await signIn(page, person);
  await expectPath(page, "/dashboard");

  await page.goto("/account/security");
  await page.getByRole("button", { name: /^Stop trusting/ }).click();
  await page.getByRole("button", { name: "Stop trusting", exact: true }).last().click();
  await expect(page.getByText("It will be asked for a second factor again.")).toBeVisible();
  await signOut(page);
  await letCodesBeUnused(database, person.id);
  await signIn(page, person);
  await expectPath(page, "/challenge/totp");
});

test("a recovery code stands in for a lost phone, once (F19)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expectPath(page, "/account/security/authenticator");
  await setUpApp(page);
  await expectPath(page, "/account/security?added=totp");
  await page.getByRole("button", { name: "Make recovery codes" }).click();
  const shown = page.getByRole("list").filter({ hasText: /\w{4}-\w{5}-\w{5}/ });
  await expect(shown.getByRole("listitem")).toHaveCount(10);
  const [first = ""] = await shown.getByRole("listitem").allInnerTexts();
  await expect(page.getByText("10 of 10 are left.")).toBeVisible();
  await expect(page.getByText("Earlier ones no longer work")).toHaveCount(0);
  await page.reload();
  await expect(page.getByText(first)).toHaveCount(0);
  await page.getByRole("button", { name: "Make new codes" }).click();
  await expect(page.getByText("Say that your present codes may stop working.")).toBeVisible();

  for (const works of [true, false]) {
    await signOut(page);
    await signIn(page, person);
    await page.getByRole("link", { name: "Use a recovery code" }).click();
    await expectPath(page, "/challenge/recovery-code");
    await code(page).fill(first);
    await proceed(page);
    if (works) {
      await expectPath(page, "/dashboard");
      const notice = page.getByRole("status").filter({ hasText: "9 of 10 are left" });
      await expect(notice).toBeVisible();
      await notice.getByRole("link", { name: "Review your security" }).click();
      await expect(page.getByText("A recovery code was used")).toBeVisible();
    } else
      await expect(page.getByText("This is none of your unused recovery codes.")).toBeVisible();
  }
  const { rows } = await database.query(
    "SELECT count(*)::int AS left FROM credentials_recovery_code WHERE user_id = $1 AND consumed_at IS NULL",
    [person.id],
  );
  expect(rows).toEqual([{ left: 9 }]);
});

test("a role that asks for a second factor leads to one before anything else (F20)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_invoice"]);
  const person = await signedInAs({ roles: [role] });
  const headers = { cookie: `${SESSION_COOKIE}=${person.cookie}` };
  expect((await request.get("/api/v1/invoices", { headers })).status()).toBe(200);
  await database.query("UPDATE roles SET mfa_required = true WHERE name = $1", [role]);
  const refused = await request.get("/api/v1/invoices", { headers });
  expect(refused.status()).toBe(401);
  expect(refused.headers()["www-authenticate"]).toContain("insufficient_user_authentication");

  await page.goto("/invoices");
  await expectPath(page, "/account/security/enrol?returnTo=%2Finvoices");
  await expectAccessible(page);
  await page.goto("/account/profile");
  await expectPath(page, "/account/security/enrol?returnTo=%2Faccount%2Fprofile");
  await expect(page.getByRole("main").getByRole("heading", { level: 2 }).first()).toHaveText(
    "Passkey",
  );
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  await setUpApp(page);
  await expectPath(page, "/account/profile");
  await expect(page.getByRole("link", { name: "Make recovery codes" })).toBeVisible();
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
});

test("whoever is held until they have a second factor takes a passkey, and goes on (F20)", async ({
  page,
  database,
  signedInAs,
}) => {
  const role = await addRole(database, ["view_invoice"]);
  await signedInAs({ roles: [role] });
  await database.query("UPDATE roles SET mfa_required = true WHERE name = $1", [role]);
  const key = await VirtualAuthenticator.plugInto(page);
  await page.goto("/invoices");
  await key.confirming(async () => {
    await page.getByRole("button", { name: "Add a passkey" }).click();
    await expectPath(page, "/invoices");
  });
  await expect(page.getByText("Your second factor is set up")).toBeVisible();
});

test("what matters asks again who it is, and the form is kept (F22)", async ({
  page,
  database,
  signedInAs,
}) => {
  const administrator = await signedInAs({ roles: ["Admin"] });
  const somebody = await addPerson(database);
  await page.goto(`/admin/users/${somebody.id}`);
  const email = page.getByLabel("Email", { exact: true });
  const changed = `changed-${somebody.email}`;
  await email.fill(changed);
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '11 minutes' WHERE user_id = $1",
    [administrator.id],
  );
  const save = page.getByRole("button", { name: "Save", exact: true }).first();
  await save.click();
  await page.waitForURL(/\/challenge\/password\?for=step-up/);
  await expectAccessible(page);
  await page.getByLabel("Password", { exact: true }).fill("wrong password altogether");
  await proceed(page);
  await expect(page.getByText("This is not the password.")).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(administrator.password);
  await proceed(page);
  await expectPath(page, `/admin/users/${somebody.id}`);
  await expect(email).toHaveValue(changed);
  await expect(page.getByText("What you entered is still here.")).toBeVisible();
  await save.click();
  await expect
    .poll(async () => {
      const { rows } = await database.query<{ email: string }>(
        "SELECT email FROM users WHERE id = $1",
        [somebody.id],
      );
      return rows[0]?.email;
    })
    .toBe(changed);
});

test("an administrator takes lost factors away, with a reason (F24)", async ({
  page,
  mailbox,
  database,
  signedInAs,
}) => {
  const somebody = await addPerson(database);
  await database.query(
    "INSERT INTO credentials_totp (user_id, secret, confirmed_at) VALUES ($1, 'x', now())",
    [somebody.id],
  );
  await openSession(database, somebody.id);
  await signedInAs({ roles: ["Admin"] });
  await page.goto(`/admin/users/${somebody.id}`);
  await page.getByRole("button", { name: "Reset second factors" }).click();
  await page.getByRole("button", { name: "Reset", exact: true }).last().click();
  await expect(page.getByText("Say why, for the audit log.")).toBeVisible();
  await page.getByRole("alertdialog").getByLabel("Reason").fill("Lost their phone; called back");
  await page.getByRole("button", { name: "Reset", exact: true }).last().click();
  // Behind its own dialog the button is not there either: what came of it says that it is done.
  await expect
    .poll(async () => (await mailbox.to(somebody.email)).map(({ subject }) => subject))
    .toEqual(["Your second factors were removed"]);
  await expect(page.getByRole("button", { name: "Reset second factors" })).toHaveCount(0);
  const { rows } = await database.query(
    `SELECT reason FROM audit_events WHERE action = 'user.factors_reset' AND target_id = $1`,
    [somebody.id],
  );
  expect(rows).toEqual([{ reason: "Lost their phone; called back" }]);
});

test("without script a second factor is given all the same", async ({ newBrowser, database }) => {
  const person = await addPerson(database);
  const plain = await newBrowser({ javaScriptEnabled: false });
  const page = await plain.newPage();
  await signIn(page, person);
  await expectPath(page, "/dashboard");
  await page.goto("/account/security");
  await page.getByRole("button", { name: "Set up", exact: true }).click();
  await expectPath(page, "/account/security/authenticator");
  const app = await setUpApp(page);
  await expectPath(page, "/account/security?added=totp");
  await plain.clearCookies({ name: SESSION_COOKIE });
  await signIn(page, person);
  await expectPath(page, "/challenge/totp");
  await code(page).fill(app.code());
  await proceed(page);
  await expectPath(page, "/dashboard");
});
