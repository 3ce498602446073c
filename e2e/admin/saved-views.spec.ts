import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";

for (const javaScriptEnabled of [true, false]) {
  test(`a view of the users is saved, opened, renamed and deleted ${javaScriptEnabled ? "with" : "without"} script`, async ({
    newBrowser,
    signedInAs,
  }) => {
    const browser = await newBrowser({ javaScriptEnabled });
    await signedInAs({ roles: ["Admin"], browser });
    const page = await browser.newPage();
    const views = page.getByRole("region", { name: "Saved views" });
    await page.goto("/admin/users");
    await expect(views).toBeHidden();
    await page.getByLabel("Status").selectOption("disabled");
    await page.getByRole("button", { name: "Apply" }).click();
    await expect(page).toHaveURL(/status=disabled/);
    await views.getByText("Save this view").click();
    await views.getByLabel("Name", { exact: true }).fill("Switched off");
    await views.getByRole("button", { name: "Save view" }).click();
    await expect(views.getByRole("link", { name: "Switched off" })).toHaveAttribute(
      "aria-current",
      "true",
    );
    if (javaScriptEnabled) await expectAccessible(page);

    await page.goto("/admin/users?sort=name");
    await views.getByRole("link", { name: "Switched off" }).click();
    await expect(page).toHaveURL("/admin/users?status=disabled");
    await expect(page.getByLabel("Status")).toHaveValue("disabled");

    await views.getByText("Edit views").click();
    await views.getByRole("button", { name: "Rename" }).click();
    await expect(views.getByText("Give the view a name.")).toBeVisible();
    await views.getByLabel("New name").fill("Off");
    await views.getByRole("button", { name: "Rename" }).click();
    await expect(views.getByRole("link", { name: "Off", exact: true })).toBeVisible();
    await page.goto("/admin/users");
    await views.getByText("Edit views").click();
    await views.getByRole("button", { name: "Delete" }).click();
    await expect(views).toBeHidden();
  });
}

test("a page of a list has an address that shows it again, after a reload and on the way back", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const mark = `paging-${Date.now()}`;
  for (let count = 0; count < 60; count += 1) {
    await addPerson(database, { name: `${mark} ${String(count).padStart(2, "0")}` });
  }
  const names = async () => page.getByRole("main").getByRole("rowheader").allTextContents();
  const step = (name: "Next" | "Previous") =>
    page.getByRole("navigation", { name: "Pages of users" }).getByRole("link", { name });
  await page.goto(`/admin/users?q=${mark}&sort=name`);
  const first = await names();
  await step("Next").click();
  await expect(page).toHaveURL(/cursor=/);
  await expect.poll(names).not.toEqual(first);
  const second = await names();
  const address = page.url();
  expect(new URL(address).searchParams.get("q")).toBe(mark);
  expect(new URL(address).searchParams.get("sort")).toBe("name");
  await page.reload();
  expect(await names()).toEqual(second);
  await step("Next").click();
  await expect.poll(names).not.toEqual(second);
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expect.poll(names).toEqual(second);
  await step("Previous").click();
  await expect.poll(names).toEqual(first);
  await expect(step("Previous")).toHaveCount(0);
});
