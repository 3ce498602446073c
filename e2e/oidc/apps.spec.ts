import { aDevice } from "../support/device";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";

for (const javaScriptEnabled of [true, false]) {
  test(`somebody sees their apps and takes one back, ${javaScriptEnabled ? "with" : "without"} script (F40)`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ browser: context });
    const page = await context.newPage();
    await page.goto(`${running().url}/account/apps`);
    await expect(page.getByRole("heading", { name: "No app acts for you" })).toBeVisible();

    const device = await aDevice(database);
    await page.goto(device.complete);
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await page.getByRole("link", { name: "See your apps" }).click();
    const tokens = await device.poll();
    const refresh = () =>
      fetch(`${running().url}/oidc/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "refresh_token",
          client_id: device.clientId,
          refresh_token: String(tokens["refresh_token"]),
        }),
      });

    await expect(page.getByText("Living room TV").first()).toBeVisible();
    await expect(page.getByText(/May .*see your email address/)).toBeVisible();
    if (javaScriptEnabled) {
      await page.getByRole("button", { name: "Take back the access of Living room TV" }).click();
      const dialog = page.getByRole("alertdialog");
      await dialog.getByRole("button", { name: "Take back" }).click();
    } else {
      await page.locator("summary", { hasText: "Take back" }).click();
      await page.getByRole("button", { name: "Take back", exact: true }).click();
    }
    await expect(page.getByRole("heading", { name: "No app acts for you" })).toBeVisible();
    expect((await refresh()).status).toBe(400);
  });
}
