import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { expect, test } from "../../e2e/support/fixtures";
import { send } from "../../e2e/support/http";
import { sendRaw, statusOf } from "../support/raw-socket";

// ATK-05: an upgrade that is passed on turns the server into a way to whatever
// it can reach (CVE-2026-44578). A listener that must hear nothing stands in.

test("an upgrade is refused and reaches nobody", async ({ gatehouse }) => {
  let heard = 0;
  const canary = createServer((socket) => {
    heard += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => canary.listen(0, "127.0.0.1", resolve));
  const target = `127.0.0.1:${(canary.address() as AddressInfo).port}`;
  const upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  try {
    for (const start of [
      "GET / HTTP/1.1",
      `GET http://${target}/ HTTP/1.1`,
      `GET //${target}/ HTTP/1.1`,
      `GET /_next/webpack-hmr HTTP/1.1`,
      "GET /api/v1/me HTTP/1.1",
    ]) {
      const raw = await sendRaw(gatehouse.url, `${start}\r\nHost: ${target}\r\n${upgrade}`);
      expect(statusOf(raw), start).not.toBe(101);
    }
    const h2c = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk";
    const raw = await sendRaw(gatehouse.url, `GET / HTTP/1.1\r\nHost: ${target}\r\n${h2c}\r\n\r\n`);
    expect(statusOf(raw)).not.toBe(101);
    expect(heard).toBe(0);
  } finally {
    canary.close();
  }
  expect((await send(gatehouse.url, { path: "/api/health/live" })).status).toBe(200);
});

test("the image optimizer fetches nothing (ATK-08)", async ({ gatehouse }) => {
  for (const url of ["/icon.svg", "http://127.0.0.1:1/", "//127.0.0.1:1/", "file:///etc/passwd"]) {
    const answer = await send(gatehouse.url, {
      path: `/_next/image?url=${encodeURIComponent(url)}&w=640&q=75`,
    });
    expect(answer.status, url).toBeGreaterThanOrEqual(400);
    expect(answer.status, url).toBeLessThan(500);
  }
});
