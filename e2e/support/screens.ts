import { expect, type Page } from "@playwright/test";

/** The sign-in page: what a person finds there. */
export const signInScreen = (page: Page) => ({
  email: page.getByLabel("Email", { exact: true }),
  password: page.getByLabel("Password", { exact: true }),
  submit: page.getByRole("button", { name: "Sign in", exact: true }),
});

/** Signs in through the page, from wherever it stands. */
export async function signIn(
  page: Page,
  person: { email: string; password: string },
  path = "/sign-in",
): Promise<void> {
  await page.goto(path);
  const screen = signInScreen(page);
  await screen.email.fill(person.email);
  await screen.password.fill(person.password);
  await screen.submit.click();
}

/** Waits for the page that a path leads to. */
export async function expectPath(page: Page, path: string): Promise<void> {
  await expect.poll(() => pathOf(page)).toBe(path);
}

const pathOf = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
};
