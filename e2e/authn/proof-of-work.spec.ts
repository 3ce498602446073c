import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, type Person } from "../support/people";
import { expectPath, signIn, signInScreen } from "../support/screens";

const WORKER = "**/proof-of-work.js";
const FREE_FAILURES = 3;

async function guess(page: Page, person: Person): Promise<void> {
  for (let guesses = 0; guesses < FREE_FAILURES; guesses += 1) {
    await signIn(page, { ...person, password: "wrong" });
    await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
  }
}

test("after wrong passwords the browser works first, says so, and goes on by itself (F119)", async ({
  page,
  database,
}) => {
  const person = await addPerson(database);
  await guess(page, person);
  // Held back, so that there is time to read what is said.
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(WORKER, async (route) => {
    await held;
    await route.continue();
  });
  const screen = signInScreen(page);
  await screen.password.fill(person.password);
  await screen.submit.click();
  const notice = page.getByRole("status").filter({ hasText: "a short calculation first" });
  await expect(notice).toBeVisible();
  await expect(notice.getByRole("progressbar", { name: "Calculation" })).toBeVisible();
  await expect(screen.email).toHaveValue(person.email);
  await expectAccessible(page);
  release();
  await expectPath(page, "/dashboard");
});

test("a wrong password after the work is told as ever, and the next one works again (F119)", async ({
  page,
  database,
}) => {
  const person = await addPerson(database);
  await guess(page, person);
  const screen = signInScreen(page);
  await screen.password.fill("wrong again");
  await screen.submit.click();
  await expect(page.getByText("The email address or the password is not right.")).toBeVisible();
  await expect(screen.email).toHaveValue(person.email);
  await screen.password.fill(person.password);
  await screen.submit.click();
  await expectPath(page, "/dashboard");
});

test("a browser that cannot work is told what else there is, and loses nothing (F119)", async ({
  page,
  database,
}) => {
  const person = await addPerson(database);
  await guess(page, person);
  await page.evaluate(() => Reflect.deleteProperty(window, "Worker"));
  const screen = signInScreen(page);
  await screen.password.fill(person.password);
  await screen.submit.click();
  await expect(page.getByRole("alert").filter({ hasText: "have a code or a link" })).toBeVisible();
  await expect(screen.email).toHaveValue(person.email);
  await expect(screen.password).toHaveValue(person.password);
});

test("a browser that has signed its owner in is not asked to work (F118, F119)", async ({
  page,
  database,
  newBrowser,
}) => {
  const person = await addPerson(database);
  await signIn(page, person);
  await expectPath(page, "/dashboard");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
  await guess(await (await newBrowser()).newPage(), person);

  const works: string[] = [];
  page.on("request", (request) => works.push(new URL(request.url()).pathname));
  await signIn(page, person);
  await expectPath(page, "/dashboard");
  expect(works).not.toContain("/proof-of-work.js");
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the way is a code by mail, with the address kept (F119)", async ({
    page,
    database,
    mailbox,
  }) => {
    const person = await addPerson(database);
    await guess(page, person);
    const screen = signInScreen(page);
    await screen.password.fill(person.password);
    await screen.submit.click();
    await expect(page.getByRole("alert").filter({ hasText: "needs JavaScript" })).toBeVisible();
    await expect(screen.email).toHaveValue(person.email);
    await expect(screen.password).toHaveValue("");
    await page.getByRole("button", { name: "Email me a code" }).click();
    await expectPath(page, "/challenge/email-code");
    const code = /\b\d{6}\b/.exec((await mailbox.to(person.email)).at(-1)?.text ?? "")?.[0] ?? "";
    await page.getByLabel("Code", { exact: true }).fill(code);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await expectPath(page, "/dashboard");
  });
});
