import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { expectPath } from "../support/screens";

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

const received: Message[] = [];
let status = 204;
let server: Server;
let address = "";

test.beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** As a receiver does it by hand (docs/webhooks.md). */
function isSignedBy(secret: string, { headers, body }: Message): boolean {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const text = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
  return String(headers["webhook-signature"]).split(" ").includes(expected);
}

/** With script a dialog asks; without, the same question unfolds in the page. */
async function confirm(page: Page, trigger: string, answer: string, scripted: boolean) {
  await (scripted
    ? page.getByRole("button", { name: trigger, exact: true })
    : page.locator("summary").filter({ hasText: trigger }).first()
  ).click();
  await page.getByRole("button", { name: answer, exact: true }).first().click();
}

const secretIn = async (page: Page): Promise<string> =>
  (
    await page
      .getByText(/^whsec_/)
      .first()
      .innerText()
  ).trim();

/** Until what is sent in the background stands in the log. Asked anew: without script, a reload would send the form again. */
async function expectInLog(page: Page, text: string | RegExp): Promise<void> {
  await expect(async () => {
    await page.goto(page.url());
    const message = page.getByRole("listitem").filter({ hasText: text });
    await expect(message.first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
}

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with" : "without";

  test(`a webhook is added, tested, sent again, given another secret and removed, ${how} script (F128)`, async ({
    newBrowser,
    signedInAs,
  }) => {
    test.slow();
    received.length = 0;
    const context = await newBrowser({ javaScriptEnabled });
    await signedInAs({ roles: ["Admin"], browser: context });
    const page = await context.newPage();
    const name = `Hook ${randomBytes(4).toString("hex")}`;
    await page.goto("/admin/webhooks/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Address", { exact: true }).fill("https://10.0.0.1/hooks");
    await page.getByLabel("Events", { exact: true }).fill("none.such");
    await page.getByRole("button", { name: "Add webhook" }).click();
    await expect(page.getByText("Enter an https address of the open internet")).toBeVisible();
    await page.getByLabel("Address", { exact: true }).fill(address);
    await page.getByRole("button", { name: "Add webhook" }).click();
    await expect(page.getByText("Copy the secret now")).toBeVisible();
    const secret = await secretIn(page);
    await page.getByRole("link", { name: "Go to the webhook" }).click();
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
    await expect(page.getByText("No messages yet")).toBeVisible();

    status = 204;
    await page.getByRole("button", { name: "Send a test" }).click();
    await expectInLog(page, "Delivered");
    const [message] = received;
    expect(message !== undefined && isSignedBy(secret, message)).toBe(true);
    expect(JSON.parse(message?.body ?? "")).toMatchObject({ type: "webhook.test" });
    if (javaScriptEnabled) {
      await expectAccessible(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expectNoSidewaysScrolling(page);
      await page.setViewportSize({ width: 1280, height: 800 });
    }

    status = 500;
    await page.getByRole("button", { name: "Send again", exact: true }).first().click();
    await expectInLog(page, "The receiver answered 500.");
    status = 204;
    await page.getByRole("button", { name: "Replace secret" }).click();
    await expect(page.getByText("Copy it now")).toBeVisible();
    const replaced = await secretIn(page);
    await page.getByRole("button", { name: "Send again", exact: true }).first().click();
    await expect(async () => expect(received).toHaveLength(3)).toPass({ timeout: 30_000 });
    const last = received.at(-1);
    const signers = [secret, replaced].map((one) => last !== undefined && isSignedBy(one, last));
    expect(signers).toEqual([true, true]);
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);

    await page.goto(page.url());
    await confirm(page, "Switch off", "Switch off now", javaScriptEnabled);
    await expect(page.getByRole("button", { name: "Switch on" })).toBeVisible();
    await confirm(
      page,
      javaScriptEnabled ? `Remove ${name}` : "Remove",
      "Remove webhook",
      javaScriptEnabled,
    );
    await expectPath(page, "/admin/webhooks");
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  });
}
