import sharp from "sharp";
import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";

const picture = async (name: string, width = 900, height = 600) => ({
  name,
  mimeType: "image/jpeg",
  buffer: await sharp({ create: { width, height, channels: 3, background: "#7a3b1d" } })
    .jpeg()
    .toBuffer(),
});

const SHOWN = 'img[src^="/api/v1/account/picture/"]';

test("somebody gives themselves a picture, sees it everywhere, and takes it away (F106)", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"], name: "Ada Picture" });
  await page.goto("/account/profile");
  await expect(page.locator(SHOWN)).toHaveCount(0);
  const form = page.getByRole("form", { name: "Change picture" });
  await form.getByLabel("File").setInputFiles({
    ...(await picture("large.jpg")),
    buffer: Buffer.alloc(2 * 1024 * 1024 + 1),
  });
  await expect(form.getByText("The file is larger than 2 MB.")).toBeVisible();
  await form.getByLabel("File").setInputFiles({
    name: "drawing.png",
    mimeType: "image/png",
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  });
  await form.getByRole("button", { name: "Save picture" }).click();
  await expect(form.getByText("This is no PNG, JPEG or WebP file.")).toBeVisible();
  await form.getByLabel("File").setInputFiles(await picture("me.jpg"));
  await form.getByRole("button", { name: "Save picture" }).click();
  await expect(page.getByText("Your picture is saved.")).toBeVisible();
  // In the section and in the frame of every page.
  await expect(page.locator(SHOWN)).toHaveCount(2);
  const isDrawn = (image: Element) => (image as HTMLImageElement).naturalWidth;
  await expect.poll(() => page.locator(SHOWN).first().evaluate(isDrawn)).toBe(256);
  await expectAccessible(page);

  await page.goto("/admin/users?q=Ada+Picture");
  const inList = page.locator('img[src^="/api/v1/users/"]');
  await expect.poll(() => inList.first().evaluate(isDrawn)).toBe(256);

  await page.goto("/account/profile");
  await page.getByRole("button", { name: "Remove picture" }).click();
  await expect(page.getByText("Your picture is removed.")).toBeVisible();
  await expect(page.locator(SHOWN)).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("a picture is given and taken away (F106)", async ({ page, signedInAs }) => {
    await signedInAs();
    await page.goto("/account/profile");
    const form = page.getByRole("form", { name: "Change picture" });
    await form.getByRole("button", { name: "Save picture" }).click();
    await expect(page.getByText("Choose a file.")).toBeVisible();
    await form.getByLabel("File").setInputFiles({
      ...(await picture("large.jpg")),
      buffer: Buffer.alloc(2 * 1024 * 1024 + 1),
    });
    await form.getByRole("button", { name: "Save picture" }).click();
    await expect(page.getByText("The file is larger than 2 MB.")).toBeVisible();
    await form.getByLabel("File").setInputFiles(await picture("me.jpg"));
    await form.getByRole("button", { name: "Save picture" }).click();
    await expect(page.locator(SHOWN)).toHaveCount(2);
    await page.getByRole("button", { name: "Remove picture" }).click();
    await expect(page.locator(SHOWN)).toHaveCount(0);
  });
});
