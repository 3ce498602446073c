import { aDevice } from "../support/device";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { signInScreen } from "../support/screens";

for (const javaScriptEnabled of [true, false]) {
  const how = `${javaScriptEnabled ? "with" : "without"} script`;

  test(`somebody signs in on the way and lets their device in, ${how} (F50)`, async ({
    newBrowser,
    database,
    clientAddress,
  }) => {
    const device = await aDevice(database, {}, clientAddress);
    const person = await addPerson(database);
    const page = await (await newBrowser({ javaScriptEnabled })).newPage();
    await page.goto(device.complete);
    const { email, password, submit } = signInScreen(page);
    await email.fill(person.email);
    await password.fill(person.password);
    await submit.click();
    // Filled in, and nothing more: whoever follows a link still looks at their device.
    await expect(page.getByLabel("Code")).toHaveValue(device.userCode);
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByRole("heading", { name: "Sign in Living room TV?" })).toBeVisible();
    await expect(page.getByText(device.userCode)).toBeVisible();
    await expect(page.getByText("see your email address")).toBeVisible();
    await expect(page.getByText(`${clientAddress}, the network that you are in`)).toBeVisible();
    expect((await device.poll())["error"]).toBe("authorization_pending");
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();
    expect(await device.poll()).toMatchObject({ token_type: "Bearer" });
  });

  test(`a wrong code says so and stays, and a device is turned away, ${how}`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const device = await aDevice(database);
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ browser: context });
    const page = await context.newPage();
    await page.goto(`${running().url}/device`);
    await page.getByLabel("Code").fill("bbbb cccc");
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("No device waits with this code.")).toBeVisible();
    await expect(page.getByLabel("Code")).toHaveValue("bbbb cccc");
    await page.getByLabel("Code").fill(device.userCode.toLowerCase().replace("-", " "));
    await page.getByRole("button", { name: "Continue" }).click();
    await expect(page.getByText("This device is somewhere else.")).toBeVisible();
    await page.getByRole("button", { name: "Do not allow" }).click();
    await expect(page.getByRole("heading", { name: "The device was turned away" })).toBeVisible();
    expect((await device.poll())["error"]).toBe("access_denied");
  });
}

test("a device that asks for a fresh sign-in gets one before anything is allowed", async ({
  page,
  database,
  signedInAs,
}) => {
  const device = await aDevice(database, { max_age: "60" });
  const person = await signedInAs();
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = $1",
    [person.id],
  );
  await page.goto(device.complete);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Your device is signed in" })).toBeVisible();
  expect(await device.poll()).toMatchObject({ token_type: "Bearer" });
});
