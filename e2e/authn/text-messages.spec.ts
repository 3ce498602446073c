import { randomInt } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { expectPath, signIn } from "../support/screens";

test.use({ viewport: { width: 390, height: 844 } });

const code = (page: Page) => page.getByLabel("Code", { exact: true });
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

test("a telephone is added, asked for at the next sign-in, and removed (F5)", async ({
  page,
  mailbox,
  signedInAs,
}) => {
  const person = await signedInAs();
  const number = `+43664${randomInt(10 ** 6, 10 ** 7)}`;
  await page.goto("/account/security");
  await page.getByRole("link", { name: "Add a number" }).click();
  await expectPath(page, "/account/security/phone");
  await expectAccessible(page);
  const field = page.getByLabel("Mobile number", { exact: true }).last();
  await field.fill("+43 1 5330555");
  await press(page, "Send a code");
  await expect(page.getByText("Text messages do not reach this number.")).toBeVisible();
  await expect(field).toHaveValue("+43 1 5330555");
  await field.fill(number);
  await press(page, "Send a code");
  await expect(page.getByRole("heading", { name: "2. Give the code" })).toBeVisible();
  await expectAccessible(page);
  const first = await mailbox.codeTextedTo(number);
  await code(page).fill(first === "000000" ? "000001" : "000000");
  await press(page, "Use this number");
  await expect(page.getByText("This is not the code that we sent.")).toBeVisible();
  await code(page).fill(first);
  await press(page, "Use this number");
  await expectPath(page, "/account/security?added=sms-code");
  await expect(page.getByText("Your account has two locks")).toBeVisible();

  await page.context().clearCookies();
  await signIn(page, person, "/sign-in?returnTo=%2Finvoices");
  await expectPath(page, "/challenge/sms-code");
  await expectAccessible(page);
  await press(page, "Send a code");
  await expect(page.getByText("A code is on its way.")).toBeVisible();
  await code(page).fill(await mailbox.codeTextedTo(number));
  await press(page, "Continue");
  await expectPath(page, "/invoices");

  await page.goto("/account/security");
  await page.getByRole("button", { name: "Remove the telephone number" }).click();
  await press(page, "Remove");
  await expect(page.getByText("The telephone number is removed.")).toBeVisible();
});
