import { expect, test } from "../support/fixtures";
import { addPerson, SESSION_COOKIE } from "../support/people";
import { expectPath, signIn, signInScreen } from "../support/screens";

test("a person signs in with email and password, and signs out again", async ({
  page,
  database,
}) => {
  const person = await addPerson(database);
  await signIn(page, person);
  await expectPath(page, "/dashboard");

  await page.goto("/account/profile");
  await expect(page.getByRole("heading", { name: "Profile", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await page.reload();
  await expect(page.getByText("You are signed out.")).toHaveCount(0);

  await page.goto("/account/profile");
  await expectPath(page, "/sign-in?returnTo=%2Faccount%2Fprofile");
});

test("a wrong password and an unknown address get the same answer", async ({ page, database }) => {
  const person = await addPerson(database);
  const answers: string[] = [];
  for (const email of [person.email, `nobody-${person.email}`]) {
    await signIn(page, { email, password: "not the password at all" });
    const alert = page.getByRole("alert").filter({ hasText: "not right" });
    await expect(alert).toBeVisible();
    answers.push((await page.getByRole("main").innerText()).replaceAll(email, "<address>"));
    await expect(signInScreen(page).email).toHaveValue(email);
  }
  expect(answers[0]).toBe(answers[1]);
});

test("a disabled user is told no more than a stranger", async ({ page, database }) => {
  const person = await addPerson(database);
  await database.query("UPDATE users SET status = 'disabled' WHERE id = $1", [person.id]);
  await signIn(page, person);
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
});

test("sign-in leads back to the page that asked for it, with its query", async ({
  page,
  database,
}) => {
  const person = await addPerson(database);
  await page.goto("/account/sessions?from=mail&x=1");
  await expectPath(page, "/sign-in?returnTo=%2Faccount%2Fsessions%3Ffrom%3Dmail%26x%3D1");
  const screen = signInScreen(page);
  await screen.email.fill(person.email);
  await screen.password.fill(person.password);
  await screen.submit.click();
  await expectPath(page, "/account/sessions?from=mail&x=1");
});

test("a mistake is announced at its field, and the field is focused", async ({ page }) => {
  await page.goto("/sign-in");
  const { email, submit } = signInScreen(page);
  await email.fill("no address");
  await submit.click();
  await expect(email).toHaveAttribute("aria-invalid", "true");
  await expect(email).toBeFocused();
  await expect(email).toHaveAccessibleDescription(/Enter an email address/);
});

test("sign-in gives the browser a new session, whatever cookie it came with (ATK-32)", async ({
  page,
  context,
  baseURL,
  database,
}) => {
  const planted = "A".repeat(43);
  await context.addCookies([{ name: SESSION_COOKIE, value: planted, url: String(baseURL) }]);
  await signIn(page, await addPerson(database));
  await expectPath(page, "/dashboard");
  const cookie = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE);
  expect(cookie?.value).toMatch(/^[\w-]{43}$/);
  expect(cookie?.value).not.toBe(planted);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax" });
});
