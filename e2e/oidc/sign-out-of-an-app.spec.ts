import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type pg from "pg";
import { running } from "../support/environment";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";

/** An app on this machine, and the request with which it signs its user out. */
async function anApp(database: pg.Pool) {
  const clientId = randomUUID();
  await database.query(
    `INSERT INTO oidc_clients (id, name, kind, auth_method, redirect_uris, post_logout_redirect_uris,
                               scopes)
     VALUES ($1, 'Field notes', 'native', 'none', '{http://127.0.0.1/callback}', '{http://127.0.0.1/bye}',
             '{}')`,
    [clientId],
  );
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Field notes</title><h1>Until next time</h1>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const port = (server.address() as AddressInfo).port;
  const requestFor = (address: string): string => {
    const url = new URL(`${running().url}/oidc/session/end`);
    url.search = new URLSearchParams({
      client_id: clientId,
      post_logout_redirect_uri: address,
      state: "a-state",
    }).toString();
    return url.href;
  };
  return {
    url: requestFor(`http://127.0.0.1:${port}/bye`),
    forged: requestFor("http://127.0.0.1:1/elsewhere"),
    close: () => server.close(),
  };
}

for (const javaScriptEnabled of [true, false]) {
  test(`an app asks, its user agrees and is back in the app, ${javaScriptEnabled ? "with" : "without"} script (F62)`, async ({
    newBrowser,
    database,
    signedInAs,
  }) => {
    const app = await anApp(database);
    const context = await newBrowser({ javaScriptEnabled });
    const person = await signedInAs({ browser: context });
    const page = await context.newPage();
    await page.goto(app.url);
    await expect(page.getByText(`Field notes asks to sign out ${person.email}`)).toBeVisible();
    await page.getByRole("button", { name: "Sign out", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Until next time" })).toBeVisible();
    expect(new URL(page.url()).searchParams.get("state")).toBe("a-state");
    const cookies = await context.cookies(running().url);
    expect(cookies.filter(({ value }) => value === person.cookie)).toEqual([]);
    await page.goto(`${running().url}/dashboard`);
    await expectPath(page, "/sign-in?returnTo=%2Fdashboard");
    app.close();
  });
}

test("whoever does not agree stays signed in, and an address that is not registered leads nowhere", async ({
  page,
  database,
  signedInAs,
}) => {
  const app = await anApp(database);
  await signedInAs();
  await page.goto(app.url);
  await page.getByRole("link", { name: "Stay signed in" }).click();
  await expectPath(page, "/dashboard");

  await page.goto(app.forged);
  await expect(
    page.getByRole("heading", { name: "This request cannot be answered" }),
  ).toBeVisible();
  await page.goto("/dashboard");
  await expectPath(page, "/dashboard");
  app.close();
});
