import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { SESSION_COOKIE } from "../support/people";
import { expectPath } from "../support/screens";
import { newAddress } from "../support/texts";

const newSubject = (): string => String(Date.now() * 1_000 + Math.floor(Math.random() * 1_000));

/** At the provider's page, as this person there. */
async function consent(page: Page, subject: string, email: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Upstream" })).toBeVisible();
  await page.getByLabel("Subject").fill(subject);
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
}

async function connect(page: Page, provider: string, subject: string, email: string) {
  await page.goto("/account/security");
  await page.getByRole("button", { name: `Connect ${provider}` }).click();
  await consent(page, subject, email);
}

for (const provider of ["Google", "GitHub"]) {
  test(`an identity at ${provider} is connected, signs in, and is disconnected (F10, F107)`, async ({
    page,
    context,
    signedInAs,
    newBrowser,
    mailbox,
  }) => {
    const person = await signedInAs();
    const [subject, email] = [newSubject(), newAddress()];
    await connect(page, provider, subject, email);
    await expect(page.getByText("The account is connected.")).toBeVisible();
    const after = (await context.cookies()).find(({ name }) => name === SESSION_COOKIE)?.value;
    expect(after).toBe(person.cookie);
    expect((await mailbox.to(person.email)).at(-1)?.subject).toBe("A connected account was added");
    expect((await mailbox.to(email)).at(-1)?.kind).toBe("identity-linked");

    const elsewhere = await (await newBrowser()).newPage();
    await elsewhere.goto("/sign-in?returnTo=%2Faccount%2Fprofile");
    await elsewhere.getByRole("button", { name: `Continue with ${provider}` }).click();
    await consent(elsewhere, subject, email);
    await expectPath(elsewhere, "/account/profile");
    await expect(elsewhere.getByText(person.email).first()).toBeVisible();

    await page.goto("/account/security");
    await page.getByRole("button", { name: `Disconnect ${provider}` }).click();
    await page
      .getByRole("alertdialog")
      .getByRole("button", { name: "Disconnect", exact: true })
      .click();
    await expect(page.getByRole("button", { name: `Connect ${provider}` })).toBeVisible();
  });
}

test("an identity of somebody else, and a refusal of the provider, are told on the security page", async ({
  page,
  signedInAs,
  newBrowser,
  baseURL,
}) => {
  const [subject, email] = [newSubject(), newAddress()];
  const other = await (await newBrowser()).newPage();
  await other.goto("/sign-in");
  await other.getByRole("button", { name: "Continue with Google" }).click();
  await consent(other, subject, email);
  await expectPath(other, "/dashboard");

  await signedInAs();
  await connect(page, "Google", subject, email);
  await expect(
    page.getByRole("alert").filter({ hasText: "signs in as somebody else" }),
  ).toBeVisible();

  await page.goto("/account/security");
  await page.getByRole("button", { name: "Connect Google" }).click();
  await expect(page.getByRole("heading", { name: "Upstream" })).toBeVisible();
  const state = await page.locator("input[name=state]").inputValue();
  const query = new URLSearchParams({ error: "access_denied", state });
  await page.goto(`${baseURL}/api/auth/callback/google?${query}`);
  await expect(page.getByRole("alert").filter({ hasText: "Nothing was connected" })).toBeVisible();
  await expectPath(page, "/account/security?connected=failed");
});
