import { expect, type Page } from "@playwright/test";
import type pg from "pg";
import { totpAt } from "../../tests/support/rfc6238";

const PERIOD_MS = 30_000;

/** An authenticator app that was given a key: it never shows the same code twice. */
export class AuthenticatorApp {
  #last = 0;

  constructor(private readonly key: string) {}

  /** The present code, or the next when the present one was used. */
  code(): string {
    const present = Math.floor(Date.now() / PERIOD_MS);
    this.#last = Math.max(present, this.#last + 1);
    if (this.#last > present + 1) throw new Error("the app has no unused code that would be taken");
    return totpAt(this.key, this.#last * (PERIOD_MS / 1000));
  }
}

/** Sets an app up from the page that shows its key. */
export async function setUpApp(page: Page): Promise<AuthenticatorApp> {
  const key = await page
    .locator("code")
    .filter({ hasText: /^[A-Z2-7 ]{32,}$/ })
    .innerText();
  const app = new AuthenticatorApp(key);
  await page.getByLabel("Code", { exact: true }).fill(app.code());
  await page.getByRole("button", { name: "Use this app" }).click();
  return app;
}

/** Forgets which code was used last, as though half a minute had passed. */
export async function letCodesBeUnused(database: pg.Pool, userId: string): Promise<void> {
  const { rowCount } = await database.query(
    "UPDATE credentials_totp SET last_step = 0 WHERE user_id = $1",
    [userId],
  );
  expect(rowCount).toBe(1);
}
