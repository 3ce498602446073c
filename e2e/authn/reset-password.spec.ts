import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { expectPath, signIn } from "../support/screens";
import { NEW_PASSWORD, newAddress } from "../support/texts";

async function askForLink(page: Page, email: string): Promise<void> {
  await page.goto("/reset-password");
  await page.getByLabel("Email", { exact: true }).fill(email);
  await page.getByRole("button", { name: "Send link" }).click();
  await expectPath(page, "/reset-password?sent=1");
}

const newPassword = (page: Page) => page.getByLabel("New password", { exact: true });
const change = (page: Page) => page.getByRole("button", { name: "Change password" });

test("a forgotten password is replaced by mail, and every session ends (F2)", async ({
  signedInAs,
  newBrowser,
  mailbox,
}) => {
  const other = await newBrowser();
  const person = await signedInAs({ browser: other });
  const elsewhere = await other.newPage();
  await elsewhere.goto("/account/profile");
  await expectPath(elsewhere, "/account/profile");

  const page = await (await newBrowser()).newPage();
  await askForLink(page, person.email);
  await page.goto(await mailbox.linkTo(person.email));
  await newPassword(page).fill(NEW_PASSWORD);
  await change(page).click();
  await expect(
    page.getByText("Your password is changed and every session has ended."),
  ).toBeVisible();

  await elsewhere.goto("/account/profile");
  await expectPath(elsewhere, "/sign-in?returnTo=%2Faccount%2Fprofile");
  await signIn(page, person);
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
  await signIn(page, { ...person, password: NEW_PASSWORD });
  await expectPath(page, "/dashboard");
  expect((await mailbox.to(person.email)).at(-1)?.subject).toBe("Your password was changed");
});

test("a link works once, looking at it costs nothing, and a newer one replaces it (ATK-37)", async ({
  page,
  request,
  signedInAs,
  newBrowser,
  mailbox,
}) => {
  const person = await signedInAs({ browser: await newBrowser() });
  await askForLink(page, person.email);
  const first = await mailbox.linkTo(person.email);
  await askForLink(page, person.email);
  const second = await mailbox.linkTo(person.email);
  await page.goto(first);
  await expect(page.getByRole("heading", { name: "A newer link was sent" })).toBeVisible();

  for (let look = 0; look < 3; look += 1) expect((await request.get(second)).status()).toBe(200);
  await page.goto(second);
  await newPassword(page).fill(NEW_PASSWORD);
  await change(page).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
  await page.goto(second);
  await expect(page.getByRole("heading", { name: "This link has been used" })).toBeVisible();
  await expect(newPassword(page)).toHaveCount(0);
});

test("an unknown address gets the same page, and a mail that says there is no account", async ({
  page,
  mailbox,
}) => {
  const email = newAddress();
  await askForLink(page, email);
  await expect(page.getByRole("heading", { name: "Look into your mail" })).toBeVisible();
  const [mail, ...more] = await mailbox.to(email);
  expect(mail?.subject).toBe("No account with this address");
  expect(more).toEqual([]);
});

test("a weak password does not use the link up", async ({
  page,
  signedInAs,
  newBrowser,
  mailbox,
}) => {
  const person = await signedInAs({ browser: await newBrowser() });
  await askForLink(page, person.email);
  await page.goto(await mailbox.linkTo(person.email));
  await newPassword(page).fill("password123");
  await change(page).click();
  await expect(newPassword(page)).toHaveAccessibleDescription(/on lists that attackers try first/);
  await newPassword(page).fill(NEW_PASSWORD);
  await change(page).click();
  await expect(page.getByText("Your password is changed")).toBeVisible();
});

test("the link's page sends its address to nobody", async ({
  page,
  signedInAs,
  newBrowser,
  mailbox,
}) => {
  const person = await signedInAs({ browser: await newBrowser() });
  await askForLink(page, person.email);
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(page.url()).origin) foreign.push(request.url());
  });
  const answer = await page.goto(await mailbox.linkTo(person.email));
  expect(answer?.headers()["referrer-policy"]).toMatch(/^(same-origin|no-referrer)$/);
  await page.waitForLoadState("networkidle");
  expect(foreign).toEqual([]);
});
