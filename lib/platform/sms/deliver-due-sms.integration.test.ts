import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { webhookHeaders } from "@/lib/platform/http/webhook-signature";
import { deliverDueSms } from "@/lib/platform/sms/deliver-due-sms";
import { enqueueSms } from "@/lib/platform/sms/enqueue-sms";
import { race } from "@/tests/support/race";

const KEY = Buffer.from("a key of thirty-two bytes, or so");
const NUMBER = "+436641234567";

const received: { headers: Record<string, unknown>; body: string }[] = [];
let status = 204;
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status, { location: "/elsewhere" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("SMS_WEBHOOK_URL", `http://127.0.0.1:${port}/send`);
  vi.stubEnv("SMS_WEBHOOK_SECRET", `whsec_${KEY.toString("base64")}`);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

afterEach(async () => {
  status = 204;
  received.length = 0;
  await prisma().outboxMessage.deleteMany();
});

const queue = (lifetimeSeconds = 600) =>
  enqueueSms("sms-code", NUMBER, "123456 is your code", lifetimeSeconds, prisma());

const makeDue = () => prisma().outboxMessage.updateMany({ data: { nextAttemptAt: new Date(0) } });

test("a message is posted once, with a signature that its receiver can check", async () => {
  await queue();
  const sent = await race(20, () => deliverDueSms());
  expect(sent.filter((count) => count > 0)).toEqual([1]);
  expect(received).toHaveLength(1);
  const [{ headers, body } = expect.unreachable()] = received;
  const sentAt = new Date(Number(headers["webhook-timestamp"]) * 1_000);
  expect(Math.abs(Date.now() - sentAt.getTime())).toBeLessThan(60_000);
  expect(headers).toMatchObject(webhookHeaders([KEY], String(headers["webhook-id"]), sentAt, body));
  expect(JSON.parse(body)).toMatchObject({
    type: "sms.requested",
    data: { to: NUMBER, text: "123456 is your code", kind: "sms-code" },
  });
});

test.each([307, 500])(
  "a gateway that answers %i gets it again, under the same id",
  async (code) => {
    status = code;
    await queue();
    expect(await deliverDueSms()).toBe(0);
    expect(await deliverDueSms()).toBe(0);
    expect(await prisma().outboxMessage.findMany()).toMatchObject([{ attempts: 1, sentAt: null }]);
    status = 204;
    await makeDue();
    expect(await deliverDueSms()).toBe(1);
    const ids = received.map(({ headers }) => headers["webhook-id"]);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  },
);

test("a message that has expired is not sent any more", async () => {
  await queue(0);
  await makeDue();
  expect(await deliverDueSms()).toBe(0);
  expect(received).toEqual([]);
});

test("a mail is not for this channel", async () => {
  await queue();
  await prisma().outboxMessage.updateMany({ data: { channel: "mail" } });
  expect(await deliverDueSms()).toBe(0);
});
