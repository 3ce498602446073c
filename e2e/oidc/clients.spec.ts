import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";

const aName = (): string => `App ${randomBytes(4).toString("hex")}`;

/** Whether a client gets a token for itself with this secret. */
async function getsToken(clientId: string, secret: string): Promise<boolean> {
  const answer = await fetch(`${running().url}/oidc/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
    },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  return answer.ok;
}

const valueOf = async (page: Page, term: string): Promise<string> =>
  (
    await page.getByText(term, { exact: true }).locator("xpath=following::code[1]").innerText()
  ).trim();

/** With script a dialog asks; without, the same question unfolds in the page. */
async function confirm(page: Page, trigger: string, answer: string, scripted: boolean) {
  await (scripted
    ? page.getByRole("button", { name: trigger, exact: true })
    : page.locator("summary").filter({ hasText: trigger }).first()
  ).click();
  await page.getByRole("button", { name: answer }).first().click();
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`a service is registered, changes its secret over, is disabled and deleted, ${how} script`, async ({
    newBrowser,
    signedInAs,
  }) => {
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ roles: ["Admin"], browser: context });
    const page = await context.newPage();
    const name = aName();
    await page.goto("/admin/clients/new");
    await page.getByRole("link", { name: "Register a service" }).click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByRole("button", { name: "Register client" }).click();
    await expect(page.getByText("Copy the secret now")).toBeVisible();
    if (javaScriptEnabled) await expectAccessible(page);
    const clientId = await valueOf(page, "Client id");
    const first = await valueOf(page, "Client secret");
    await page.locator("summary").filter({ hasText: "curl" }).click();
    await expect(page.getByRole("region", { name: "curl snippet" })).toContainText(
      `${clientId}:${first}`,
    );
    expect(await getsToken(clientId, first)).toBe(true);

    await page.getByRole("link", { name: "Go to the client" }).click();
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    expect(await page.content()).not.toContain(first);
    await page.getByRole("button", { name: "Add a secret" }).click();
    const second = await valueOf(page, "Copy the secret now: it is not shown again");
    expect(await getsToken(clientId, second)).toBe(true);
    await page.goto(`/admin/clients/${clientId}`);
    expect(await page.content()).not.toContain(second);
    await expect(page.getByText("last used just now").first()).toBeVisible();
    await (javaScriptEnabled
      ? page.getByRole("button", { name: "Remove the older secret" })
      : page.locator("summary").filter({ hasText: "Remove" }).first()
    ).click();
    await page.getByRole("button", { name: "Remove secret" }).first().click();
    await expect(page.getByText("The older one")).toHaveCount(0);
    expect([await getsToken(clientId, first), await getsToken(clientId, second)]).toEqual([
      false,
      true,
    ]);

    await page.goto(`/admin/clients/${clientId}`);
    await confirm(page, "Disable", "Disable client", javaScriptEnabled);
    await expect(page.getByRole("button", { name: "Enable" })).toBeVisible();
    expect(await getsToken(clientId, second)).toBe(false);
    await page.getByRole("button", { name: "Enable" }).click();
    await expect(page.getByText("Active", { exact: true })).toBeVisible();
    expect(await getsToken(clientId, second)).toBe(true);
    await confirm(page, "Delete", "Delete client", javaScriptEnabled);
    await expectPath(page, "/admin/clients");
    expect(await getsToken(clientId, second)).toBe(false);
  });

  test(`a form that is refused says what is wrong and keeps what was typed, ${how} script`, async ({
    newBrowser,
    signedInAs,
  }) => {
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ roles: ["Admin"], browser: context });
    const page = await context.newPage();
    const name = aName();
    await page.goto("/admin/clients/new?kind=native");
    await page.getByLabel("Name", { exact: true }).fill(name);
    const redirectUris = page.getByLabel(/^Redirect URIs/);
    await redirectUris.fill("myapp:/callback\nhttp://127.0.0.1/callback");
    await page.getByLabel("api:read").check();
    await page.getByLabel("Pushed requests only").check();
    await page.getByRole("button", { name: "Register client" }).click();
    await expect(page.getByText("a scheme of your own has a dot")).toBeVisible();
    if (javaScriptEnabled) await expectAccessible(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await expectNoSidewaysScrolling(page);
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
    await expect(redirectUris).toHaveValue(
      /^myapp:\/callback\r?\nhttp:\/\/127\.0\.0\.1\/callback$/,
    );
    await expect(page.getByLabel("api:read")).toBeChecked();
    await expect(page.getByLabel("Pushed requests only")).toBeChecked();
    await redirectUris.fill("com.example.app:/callback\nhttp://127.0.0.1/callback");
    await page.getByRole("button", { name: "Register client" }).click();
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
    await expect(page.getByText("None: it can keep no secret")).toBeVisible();
    await expect(page.getByText("Pushed ones only (PAR)")).toBeVisible();
    await expectNoSidewaysScrolling(page);
    if (javaScriptEnabled) await expectAccessible(page);

    await page.getByLabel(/^Redirect URIs/).fill("http://192.0.2.1/callback");
    await page.getByRole("button", { name: "Save settings" }).click();
    await expect(page.getByText("use https; only localhost")).toBeVisible();
    await page.getByLabel(/^Redirect URIs/).fill("http://127.0.0.1/other");
    await page.getByLabel("api:read").uncheck();
    await page.getByLabel("Pushed requests only").uncheck();
    await page.getByRole("button", { name: "Save settings" }).click();
    if (javaScriptEnabled) await expect(page.getByText(`${name} is saved.`)).toBeVisible();
    const facts = page.getByRole("code").filter({ hasText: "http://127.0.0.1/other" });
    await expect(facts).toBeVisible();
    await page.goto(page.url());
    await expect(facts).toBeVisible();
    await expect(page.getByLabel("api:read")).not.toBeChecked();
    await expect(page.getByLabel("Pushed requests only")).not.toBeChecked();
    await expect(page.getByText("Pushed ones only (PAR)")).toHaveCount(0);
    await page.goto(`/admin/clients?q=${encodeURIComponent(name.toLowerCase())}`);
    await expect(page.getByRole("link", { name })).toBeVisible();
    await page.goto("/admin/clients?q=nothing-has-this-name");
    await expect(page.getByText("No clients match")).toBeVisible();
  });
}

test("whoever manages clients and no more makes none that asks nobody (ATK-27)", async ({
  page,
  signedInAs,
  database,
}) => {
  const role = `Delegate ${randomBytes(4).toString("hex")}`;
  await database.query(
    `WITH made AS (INSERT INTO roles (id, name) VALUES (gen_random_uuid(), $1) RETURNING id)
     INSERT INTO role_permissions (role_id, permission_id)
     SELECT made.id, p.id FROM made, permissions p WHERE p.key IN ('view_clients', 'manage_clients')`,
    [role],
  );
  await signedInAs({ roles: [role] });
  await page.goto("/admin/clients/new?kind=web");
  await page.getByLabel("Name", { exact: true }).fill(aName());
  await page.getByLabel(/^Redirect URIs/).fill("https://app.example.com/callback");
  await page.getByLabel("First-party").check();
  await page.getByRole("button", { name: "Register client" }).click();
  await expect(page.getByText("That is for whoever holds every permission")).toBeVisible();
  await page.getByLabel("First-party").uncheck();
  await page.getByRole("button", { name: "Register client" }).click();
  await expect(page.getByText("Copy the secret now")).toBeVisible();
});
