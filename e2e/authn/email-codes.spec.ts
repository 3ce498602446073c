import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath, signInScreen } from "../support/screens";

test("a code by mail signs in, in the browser that asked (F4)", async ({
  page,
  mailbox,
  database,
}) => {
  const person = await addPerson(database);
  await page.goto("/sign-in?returnTo=%2Finvoices");
  await page.getByRole("button", { name: "Email me a code" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await signInScreen(page).email.fill(person.email);
  await page.getByRole("button", { name: "Email me a code" }).click();
  await expectPath(page, "/challenge/email-code");
  await expect(page.getByText("We have sent you a mail")).toBeVisible();
  await expect(
    page.getByText("a code of six digits, which works once, within ten minutes"),
  ).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Code", { exact: true }).fill("000000");
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(page.getByText("This is not the code that we sent.")).toBeVisible();
  const [mail] = await mailbox.to(person.email);
  const code = /\b\d{6}\b/.exec(mail?.text ?? "")?.[0] ?? "";
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expectPath(page, "/invoices");
});

test("a link by mail signs in once, and says so where another browser asked (F3)", async ({
  page,
  mailbox,
  newBrowser,
  database,
}) => {
  const person = await addPerson(database);
  await page.goto("/sign-in");
  await signInScreen(page).email.fill(person.email);
  await page.getByRole("button", { name: "Email me a link" }).click();
  await expectPath(page, "/sign-in/link");
  await expectAccessible(page);
  const link = await mailbox.linkTo(person.email);

  const elsewhere = await (await newBrowser()).newPage();
  await elsewhere.goto(link);
  await elsewhere.goto(link);
  await expect(elsewhere.getByText("This link was asked for in another browser")).toBeVisible();
  await expectAccessible(elsewhere);

  await page.goto(link);
  await expect(page.getByText("This link was asked for in another browser")).toHaveCount(0);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expectPath(page, "/dashboard");

  await elsewhere.getByRole("button", { name: "Sign in here" }).click();
  await expect(elsewhere.getByText("This link has been used or has expired.")).toBeVisible();
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole("heading", { name: /used/i })).toBeVisible();
});
