import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";
import { NEW_PASSWORD, newAddress } from "../support/texts";

type Tree = { [key: string]: string | Tree };

/** What the catalogue says, as `area.part.key`. */
function wordsOf(locale: string): (key: string) => string {
  const folder = path.resolve(import.meta.dirname, "../../messages", locale);
  return (key) => {
    const [area = "", ...parts] = key.split(".");
    const file = JSON.parse(readFileSync(path.join(folder, `${area}.json`), "utf8")) as Tree;
    const found = parts.reduce<string | Tree | undefined>(
      (tree, part) => (typeof tree === "object" ? tree[part] : undefined),
      file,
    );
    if (typeof found !== "string") throw new Error(`${locale} says nothing for ${key}`);
    return found;
  };
}

const expectLanguage = async (page: Page, lang: string, dir: string): Promise<void> => {
  await expect(page.locator("html")).toHaveAttribute("lang", lang);
  await expect(page.locator("html")).toHaveAttribute("dir", dir);
};

for (const [locale, lang, dir] of [
  ["de-DE", "de", "ltr"],
  ["ar-EG", "ar", "rtl"],
] as const) {
  test(`from the sign-up to the dashboard in ${lang} (F134)`, async ({ newBrowser, mailbox }) => {
    const t = wordsOf(lang);
    const browser = await newBrowser({ locale, viewport: { width: 390, height: 844 } });
    const page = await browser.newPage();
    await page.goto("/sign-up");
    await expectLanguage(page, lang, dir);
    await expect(page).toHaveTitle(`${t("auth.signUp.title")} · Gatehouse`);
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);

    const email = newAddress();
    const password = page.getByLabel(t("passwords.label"), { exact: true });
    const createAccount = page.getByRole("button", { name: t("auth.signUp.title"), exact: true });
    await page.getByLabel(t("auth.fields.email"), { exact: true }).fill("nobody");
    await password.fill(NEW_PASSWORD);
    await createAccount.click();
    await expect(page.getByText(t("validation.email"))).toBeVisible();
    await page.getByLabel(t("auth.fields.email"), { exact: true }).fill(email);
    await createAccount.click();
    await expectPath(page, "/verify-email");

    await page.goto(await mailbox.linkTo(email));
    await page.getByRole("button", { name: t("auth.verify.confirm") }).click();
    await expect(page.getByText(t("auth.signIn.notices.confirmed"))).toBeVisible();
    await page.getByLabel(t("auth.fields.email"), { exact: true }).fill(email);
    await page.getByLabel(t("auth.fields.password"), { exact: true }).fill(NEW_PASSWORD);
    await page.getByRole("button", { name: t("auth.signIn.title"), exact: true }).click();
    await expectPath(page, "/dashboard");
    await expectLanguage(page, lang, dir);
    await expect(page.getByRole("heading", { name: t("product.dashboard.mayDo") })).toBeVisible();
    await expectAccessible(page);
    await expectNoSidewaysScrolling(page);
  });
}

test("a language that was chosen on a public page stays, and the user's own comes before it", async ({
  page,
  signedInAs,
}) => {
  await page.goto("/sign-in");
  await expectLanguage(page, "en", "ltr");
  await page.getByRole("combobox", { name: "Language" }).selectOption("fr");
  await expectLanguage(page, "fr", "ltr");
  await page.reload();
  await expect(
    page.getByRole("heading", { name: wordsOf("fr")("auth.signIn.title") }),
  ).toBeVisible();

  await signedInAs();
  await page.goto("/account/profile");
  const [fr, ar] = [wordsOf("fr"), wordsOf("ar")];
  await page.getByLabel(fr("profile.language.language"), { exact: true }).selectOption("ar");
  await page
    .getByLabel(fr("profile.language.timeZone"), { exact: true })
    .selectOption("Asia/Riyadh");
  const form = page.getByRole("form", { name: fr("profile.language.form") });
  await form.getByRole("button", { name: fr("profile.language.save") }).click();
  await expectLanguage(page, "ar", "rtl");
  await expect(page.getByRole("link", { name: ar("shell.navigation.security") })).toBeVisible();
});

test("the palette, updates of a page and the account's lists are in the reader's language (F134)", async ({
  page,
  signedInAs,
}) => {
  const t = wordsOf("de");
  await page.goto("/sign-in");
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await expectLanguage(page, "de", "ltr");
  await signedInAs({ roles: ["Admin"] });
  for (const [address, title] of [
    ["/account/sessions", "account.sessions.title"],
    ["/account/activity", "account.activity.title"],
    ["/account/apps", "account.apps.title"],
    ["/account/organizations", "account.organizations.title"],
    ["/account/data", "account.data.title"],
  ] as const) {
    await page.goto(address);
    await expect(page.getByRole("heading", { level: 1, name: t(title) })).toBeVisible();
  }
  await page.goto("/admin/audit");
  await expect(page.getByRole("button", { name: t("live.pause") })).toBeVisible();
  await page.keyboard.press("Control+K");
  await expect(page.getByRole("combobox", { name: t("palette.label") })).toBeFocused();
  await page.keyboard.type(t("shell.shortcuts.newRole"));
  const found = page.getByRole("listbox", { name: t("palette.found") }).getByRole("option");
  await expect(found).toHaveText([t("shell.shortcuts.newRole")]);
  await expectAccessible(page);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the language is chosen by a button", async ({ page }) => {
    await page.goto("/sign-in");
    await page.getByRole("combobox", { name: "Language" }).selectOption("ja");
    await page.getByRole("button", { name: "Use", exact: true }).click();
    await expectLanguage(page, "ja", "ltr");
    await page.goto("/reset-password");
    await expectLanguage(page, "ja", "ltr");
  });
});
