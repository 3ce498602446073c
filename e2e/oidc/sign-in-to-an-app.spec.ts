import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";

/** An app on this machine, as native apps are: it waits for the browser at a port of its own. */
async function anApp(database: pg.Pool) {
  const clientId = randomUUID();
  await database.query(
    `INSERT INTO oidc_clients (id, name, kind, auth_method, redirect_uris, scopes)
     VALUES ($1, 'Field notes', 'native', 'none', '{http://127.0.0.1/callback}', '{}')`,
    [clientId],
  );
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Field notes</title><h1>Back in the app</h1>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL(`${running().url}/oidc/auth`);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid email",
    state: "a-state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return {
    url: url.href,
    close: () => {
      server.close();
    },
    async redeem(page: Page): Promise<Record<string, unknown>> {
      const code = new URL(page.url()).searchParams.get("code") ?? "";
      const answer = await fetch(`${running().url}/oidc/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: clientId,
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }),
      });
      return (await answer.json()) as Record<string, unknown>;
    },
  };
}

for (const javaScriptEnabled of [true, false]) {
  test(`somebody signs in to an app and allows it, ${javaScriptEnabled ? "with" : "without"} script (F67)`, async ({
    newBrowser,
    database,
  }) => {
    const app = await anApp(database);
    const person = await addPerson(database, {});
    const page = await (await newBrowser({ javaScriptEnabled })).newPage();
    await page.goto(`${app.url}&login_hint=${encodeURIComponent(person.email)}`);
    await expect(page.getByLabel("Email")).toHaveValue(person.email);
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
    await expect(page.getByText("see your email address")).toBeVisible();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    expect(await app.redeem(page)).toMatchObject({ token_type: "Bearer", scope: "openid email" });
    app.close();
  });

  test(`a refusal is told to the app, ${javaScriptEnabled ? "with" : "without"} script`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const app = await anApp(database);
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ browser: context });
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByRole("button", { name: "Do not allow" }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    expect(new URL(page.url()).searchParams.get("error")).toBe("access_denied");
    app.close();
  });
}

for (const javaScriptEnabled of [true, false]) {
  test(`an app's request goes on with another account, ${javaScriptEnabled ? "with" : "without"} script (F36)`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const app = await anApp(database);
    const context = await newBrowser({ javaScriptEnabled });
    const first = await signedInAs({ browser: context });
    const second = await addPerson(database, {});
    const page = await context.newPage();

    await page.goto(`${app.url}&prompt=select_account`);
    await expect(page.getByRole("heading", { name: "Choose an account" })).toBeVisible();
    await expect(page.getByText(first.email)).toBeVisible();
    await page.getByRole("button", { name: "Add another account" }).click();
    await page.getByLabel("Email").fill(second.email);
    await page.getByLabel("Password", { exact: true }).fill(second.password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Allow Field notes?" })).toBeVisible();
    await expect(page.getByText(second.email)).toBeVisible();
    await expect(page.getByText(/a program on this device: 127\.0\.0\.1:/)).toBeVisible();
    // Both run in the page.
    if (javaScriptEnabled) {
      await expectAccessible(page);
      await expectNoSidewaysScrolling(page);
    }

    await page.getByRole("button", { name: "Use another account" }).click();
    await page.getByRole("button", { name: `Use ${first.email}` }).click();
    await expect(page.getByText(first.email)).toBeVisible();
    await page.getByRole("button", { name: "Allow", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Back in the app" })).toBeVisible();
    const { id_token: idToken } = await app.redeem(page);
    const [, claims = ""] = String(idToken).split(".");
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      sub: first.id,
    });
    app.close();
  });
}

test("the sign-in page fills in one address, and nothing that is none", async ({ newBrowser }) => {
  const page = await (await newBrowser()).newPage();
  for (const [query, filled] of [
    ["email=Ada%40Example.com", "ada@example.com"],
    ["email=ada", ""],
    ["email=ada%40example.com&email=eve%40example.com", ""],
    ["login_hint=ada%40example.com&password=ada%40example.com", ""],
  ] as const) {
    await page.goto(`${running().url}/sign-in?${query}`);
    await expect(page.getByLabel("Email")).toHaveValue(filled);
    await expect(page.getByLabel("Password", { exact: true })).toHaveValue("");
  }
});
