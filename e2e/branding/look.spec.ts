import type { Page } from "@playwright/test";
import sharp from "sharp";
import { makeIntruder } from "../../tests/inventory/crossing";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { anApp } from "../support/an-app";
import { expect, test } from "../support/fixtures";
import { SESSION_COOKIE } from "../support/people";
import { signInScreen } from "../support/screens";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 800 };
const YELLOW = "#ffd400";
const NAME = "Northwind & Daughters";

const logo = async (background: string) => ({
  name: "logo.png",
  mimeType: "image/png",
  buffer: await sharp({ create: { width: 600, height: 120, channels: 4, background } })
    .png()
    .toBuffer(),
});

/** As browsers write a colour that was computed. */
const rgb = (hex: string): string =>
  `rgb(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(", ")})`;

/** The picker beside it has a name of its own. */
const colourField = (page: Page) => page.getByRole("textbox", { name: /^Colour/ });

const colourOf = (page: Page, name: string) =>
  page
    .getByRole("button", { name, exact: true })
    .evaluate((button) => getComputedStyle(button).backgroundColor);

/** Once the transition between two colours is over. */
const expectColour = (page: Page, name: string, hex: string) =>
  expect.poll(() => colourOf(page, name)).toBe(rgb(hex));

/** The tones of it that can be read. */
const SHOWN = { light: "#7d6700", dark: YELLOW };

test("an administrator sets the look, and it is seen at sign-in, by mail and at consent (F134)", async ({
  page,
  context,
  newBrowser,
  database,
  mailbox,
  baseURL,
}) => {
  const { cookie, organizationId, colleague } = await makeIntruder(database);
  await context.addCookies([{ name: SESSION_COOKIE, value: cookie, url: baseURL ?? "" }]);
  const slug = `ours-${organizationId.slice(-12)}`;
  await page.goto("/admin/branding");
  await page.getByLabel("Shown name").fill(NAME);
  const preview = page.getByRole("img", { name: "Preview in light windows" });
  await colourField(page).fill(YELLOW);
  await expect(page.getByText(`${SHOWN.light} in light windows, ${SHOWN.dark}`)).toBeVisible();
  const button = preview
    .locator("span")
    .filter({ hasText: /^Sign in$/ })
    .nth(1);
  const shown = () => button.evaluate((it) => getComputedStyle(it).backgroundColor);
  await expect.poll(shown).toBe(rgb(SHOWN.light));
  await expect(preview).toContainText(NAME);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("The look is saved.")).toBeVisible();
  await expect.poll(shown).toBe(rgb(SHOWN.light));
  await expectAccessible(page);
  await page.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(page);

  const visitor = await newBrowser();
  const entry = await visitor.newPage();
  await entry.goto(`/sign-in?org=${slug}`);
  await expect(entry.getByRole("banner").getByText(NAME)).toBeVisible();
  await expectColour(entry, "Sign in", SHOWN.light);
  await expectAccessible(entry);
  await entry.emulateMedia({ colorScheme: "dark" });
  await expectColour(entry, "Sign in", SHOWN.dark);
  await expectAccessible(entry);
  await entry.setViewportSize(PHONE);
  await expectNoSidewaysScrolling(entry);
  await entry.setViewportSize(DESK);
  await entry.emulateMedia({ colorScheme: "light" });

  // Kept on the way: the page of the code and the mail have it, too.
  await entry.getByLabel("Email", { exact: true }).fill(colleague.email);
  await entry.getByRole("button", { name: "Email me a code" }).click();
  await expect(entry.getByRole("banner").getByText(NAME)).toBeVisible();
  // The name stands there already before the page of the code has come.
  await expect.poll(async () => (await mailbox.to(colleague.email)).length).toBeGreaterThan(0);
  const mail = (await mailbox.to(colleague.email)).at(-1);
  expect(mail?.text).toContain(`-- \n${NAME}\n`);
  expect(mail?.html).toContain("Northwind &amp; Daughters</td>");
  await entry.goto("/sign-up");
  await expect(entry.getByRole("banner").getByText(NAME)).toBeVisible();

  const app = await anApp(database);
  const signingIn = await (await newBrowser()).newPage();
  await signingIn.goto(app.url);
  await expect(signingIn.getByRole("banner").getByText(NAME)).toHaveCount(0);
  const screen = signInScreen(signingIn);
  await screen.email.fill(colleague.email);
  await screen.password.fill(colleague.password);
  await screen.submit.click();
  await expect(signingIn.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
  await expect(signingIn.getByRole("banner").getByText(NAME)).toBeVisible();
  await expectColour(signingIn, "Allow", SHOWN.light);
  app.close();
});

test("logos are shown in their scheme, taken away, and all of it is taken back (F134)", async ({
  page,
  context,
  newBrowser,
  database,
  baseURL,
}) => {
  const { cookie, organizationId } = await makeIntruder(database);
  await context.addCookies([{ name: SESSION_COOKIE, value: cookie, url: baseURL ?? "" }]);
  await page.goto("/admin/branding");
  for (const [name, colour] of [
    ["Change the logo", "#c01020"],
    ["Change the logo for dark windows", "#f0b0b8"],
  ] as const) {
    const form = page.getByRole("form", { name, exact: true });
    await form.getByLabel("File").setInputFiles({
      ...(await logo(colour)),
      buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    });
    await form.getByRole("button", { name: "Save logo" }).click();
    await expect(form.getByText("This is no PNG, JPEG or WebP file.")).toBeVisible();
    await form.getByLabel("File").setInputFiles(await logo(colour));
    await form.getByRole("button", { name: "Save logo" }).click();
    await expect(form.getByText("This is no PNG, JPEG or WebP file.")).toHaveCount(0);
  }
  await expect(page.getByRole("form", { name: "Remove the logo for dark windows" })).toBeVisible();
  await expectAccessible(page);

  const visitor = await newBrowser();
  const entry = await visitor.newPage();
  const path = `/sign-in?org=ours-${organizationId.slice(-12)}`;
  await entry.goto(path);
  const shown = entry.getByRole("banner").getByRole("img", { name: "Ours" });
  await expect(shown).toHaveCount(1);
  const inLight = await shown.getAttribute("src");
  await expect
    .poll(() => shown.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBe(480);
  await entry.emulateMedia({ colorScheme: "dark" });
  await expect(shown).toHaveCount(1);
  expect(await shown.getAttribute("src")).not.toBe(inLight);
  await expectAccessible(entry);

  await page.getByRole("button", { name: "Delete the look" }).click();
  await expect(page.getByText("The look is deleted.")).toBeVisible();
  await entry.goto(path);
  await expect(entry.getByRole("banner").getByText("Gatehouse")).toBeVisible();
});

test("an organization that there is none of has the look of the installation", async ({ page }) => {
  await page.goto("/sign-in?org=no-such-organization");
  await expect(page.getByRole("banner").getByText("Gatehouse")).toBeVisible();
  await page.goto("/sign-in?org=%3Cscript%3E");
  await expect(page.getByRole("banner").getByText("Gatehouse")).toBeVisible();
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a look is set and seen (F134)", async ({ page, context, database, baseURL }) => {
    const { cookie, organizationId } = await makeIntruder(database);
    await context.addCookies([{ name: SESSION_COOKIE, value: cookie, url: baseURL ?? "" }]);
    await page.goto("/admin/branding");
    await colourField(page).fill("red");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await expect(page.getByText("six hexadecimal digits, such as #1f6feb.")).toBeVisible();
    await colourField(page).fill(YELLOW);
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.goto("/admin/branding");
    await expect(colourField(page)).toHaveValue(YELLOW);
    await context.clearCookies();
    await page.goto(`/sign-in?org=ours-${organizationId.slice(-12)}`);
    await expectColour(page, "Sign in", SHOWN.light);
  });
});
