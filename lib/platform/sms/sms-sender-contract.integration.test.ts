import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { log } from "@/lib/platform/log";
import { listReadableMails } from "@/lib/platform/mail/readable-mail";
import { deliverDueSms } from "@/lib/platform/sms/deliver-due-sms";
import { enqueueSms } from "@/lib/platform/sms/enqueue-sms";
import { SMS_SENDERS, smsSender } from "@/lib/platform/sms/sms-senders";
import { race } from "@/tests/support/race";

const NUMBER = "+436641234567";
const CODE = "482913";
const TEXT = `${CODE} is your code`;

interface Fixture {
  /** A configuration in which it is the one that sends. */
  setUp(): void;
  /** The texts that people can read by it, as they came. */
  readable(): Promise<string[]>;
  /** For a sender that hands over to somebody else: what that does instead of taking a message. */
  other?: { refuses(): void; hangs(): void };
}

/** Each sender with what it needs. One without a line here fails. */
const FIXTURES: Record<string, Fixture> = {
  webhook: {
    setUp: () => Object.assign(getConfig().sms, { webhook: { url: gatewayUrl, key: KEY } }),
    readable: () => Promise.resolve(taken),
    other: {
      refuses() {
        gateway = "refuses";
      },
      hangs() {
        gateway = "hangs";
      },
    },
  },
  "dev-mail": {
    setUp: () => Object.assign(getConfig(), { loopback: true, trustedProxies: 0 }),
    readable: async () => {
      const messages = await listReadableMails("localhost");
      return (messages ?? [])
        .filter(({ channel, recipient }) => channel === "sms" && recipient === NUMBER)
        .map(({ text }) => text);
    },
  },
};

const KEY = Buffer.from("a key of thirty-two bytes, or so");
let gatewayUrl: string;
let gateway: "takes" | "refuses" | "hangs" = "takes";
let taken: string[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      if (gateway === "hangs") return;
      if (gateway === "takes") {
        taken.push((JSON.parse(body) as { data: { text: string } }).data.text);
      }
      response.writeHead(gateway === "takes" ? 204 : 503).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  gatewayUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/send`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** A configuration in which nobody sends anything. */
function setNothingUp(): void {
  Object.assign(getConfig().sms, { webhook: null });
  Object.assign(getConfig(), { loopback: false });
}

afterEach(async () => {
  setNothingUp();
  gateway = "takes";
  taken = [];
  await prisma().outboxMessage.deleteMany();
});

const queue = () => enqueueSms("sms-code", NUMBER, TEXT, 600, prisma());
const rows = () => prisma().outboxMessage.findMany();

/** Everything that is given to the log, at whatever level. */
function logged(): string[] {
  const lines: string[] = [];
  for (const level of ["debug", "info", "warn", "error"] as const) {
    vi.spyOn(log, level).mockImplementation((message, { error, ...fields } = {}) => {
      lines.push(`${message} ${JSON.stringify(fields)} ${String(error)}`);
    });
  }
  return lines;
}

test("without any of them set up a message stays where it is, and nobody is offered one", async () => {
  setNothingUp();
  await queue();
  expect(smsSender()).toBeNull();
  expect(await deliverDueSms()).toBe(0);
  expect(await rows()).toMatchObject([{ attempts: 0, sentAt: null }]);
});

describe.each(SMS_SENDERS.map((sender) => [sender.name, sender] as const))("%s", (name, sender) => {
  const fixture = FIXTURES[name] ?? expect.unreachable(`${name} has no fixture`);

  test("sends where it is set up, and only there", () => {
    setNothingUp();
    expect(sender.isSetUp()).toBe(false);
    fixture.setUp();
    expect(smsSender()).toBe(sender);
  });

  test("makes a message readable, once", async () => {
    fixture.setUp();
    await queue();
    const sent = await race(20, () => deliverDueSms());
    expect(sent.filter((count) => count > 0)).toEqual([1]);
    expect(await fixture.readable()).toEqual([TEXT]);
    expect(await rows()).toMatchObject([{ attempts: 1, sentAt: expect.any(Date) }]);
    expect(await deliverDueSms()).toBe(0);
    expect(await fixture.readable()).toEqual([TEXT]);
  });

  test("tells the log neither a number nor a code (ATK-66)", async () => {
    const lines = logged();
    fixture.setUp();
    await queue();
    await deliverDueSms();
    fixture.other?.refuses();
    await queue();
    await deliverDueSms();
    expect(lines.join("\n")).not.toMatch(new RegExp(`${CODE}|${NUMBER.slice(-6)}`));
  });

  const { other } = fixture;
  if (other === undefined) return;

  test("keeps for later what was not taken, and says why", async () => {
    fixture.setUp();
    other.refuses();
    await queue();
    expect(await deliverDueSms()).toBe(0);
    const [row = expect.unreachable()] = await rows();
    expect(row).toMatchObject({ attempts: 1, sentAt: null });
    expect(row.lastError).toBeTruthy();
    expect(row.lastError).not.toMatch(new RegExp(`${CODE}|${NUMBER.slice(-6)}`));
    gateway = "takes";
    await prisma().outboxMessage.updateMany({ data: { nextAttemptAt: new Date(0) } });
    expect(await deliverDueSms()).toBe(1);
    expect(await fixture.readable()).toEqual([TEXT]);
  });

  test("waits for no answer beyond its time", async () => {
    fixture.setUp();
    other.hangs();
    const message = { id: "1", kind: "sms-code", recipient: NUMBER, text: TEXT, expiresAt: null };
    await expect(sender.send(message, AbortSignal.timeout(100))).rejects.toThrow(/timeout|abort/i);
  });
});
