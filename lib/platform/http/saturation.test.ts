import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  answerSaturated,
  eventLoopIsSaturated,
  watchEventLoop,
} from "@/lib/platform/http/saturation";

let stop = () => {};
beforeEach(() => {
  stop = watchEventLoop();
});
afterEach(() => stop());

/** Keeps the event loop from everybody else, as a page that takes long to draw. */
function block(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

async function overload(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    // Once around the loop, in which whoever measures has their turn exactly once.
    await new Promise((resolve) => setImmediate(resolve));
    block(800);
  }
}

const server = createServer((request, response) => {
  if (!answerSaturated(request, response)) response.writeHead(200).end("answered");
});

test("while the event loop is late for long, everything but health is 503 at once, and then again all is well (FLT-11)", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  expect((await get("/api/v1/me")).status).toBe(200);
  await overload(8);
  await new Promise((resolve) => setImmediate(resolve));
  expect(eventLoopIsSaturated()).toBe(true);
  const asked = ["/api/v1/me", "/sign-in", "/api/health/live", "/_next/static/x.js"].map(get);
  const [api, page, live, asset] = await Promise.all(asked);
  // The requests themselves go on within one sample.
  expect([api?.status, page?.status, live?.status, asset?.status]).toEqual([503, 503, 200, 200]);
  expect(api?.headers.get("retry-after")).toBe("2");
  expect(await api?.json()).toMatchObject({ code: "unavailable", status: 503 });
  expect(await page?.text()).toBe("");
  await expect.poll(eventLoopIsSaturated, { timeout: 5_000 }).toBe(false);
  expect((await get("/api/v1/me")).status).toBe(200);
  server.closeAllConnections();
  server.close();
});

test("one long turn is no overload", async () => {
  await sleep(150);
  block(2_500);
  await sleep(1);
  expect(eventLoopIsSaturated()).toBe(false);
});
