import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { otherAddresses, refusedAddresses, sameAddresses } from "@/tests/support/address-corpus";
import { race } from "@/tests/support/race";

interface Received {
  from: string;
  to: string[];
  message: string;
}

const received: Received[] = [];
/** What the server answers to RCPT TO or at the end of DATA instead of taking the mail. */
let refusal: { at: "recipient" | "data"; code: number } | null = null;

const refuse = (code: number) =>
  Object.assign(new Error("mailbox unavailable"), { responseCode: code });

/** The commands that named a recipient, as they came: the server itself spells domains anew. */
const wire: string[] = [];

const ignore = () => {};
const logger = {
  level: ignore,
  trace: ignore,
  debug: (_entry: unknown, _format: unknown, line: unknown) => {
    if (String(line).startsWith("RCPT ")) wire.push(String(line));
  },
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
};

const aServer = () =>
  new SMTPServer({
    logger,
    disabledCommands: ["STARTTLS", "AUTH"],
    onRcptTo: (_address, _session, done) =>
      refusal?.at === "recipient" ? done(refuse(refusal.code)) : done(),
    onData(stream, { envelope }, done) {
      let message = "";
      stream.on("data", (chunk) => {
        message += String(chunk);
      });
      stream.on("end", () => {
        if (refusal?.at === "data") return done(refuse(refusal.code));
        const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
        received.push({ from, to: envelope.rcptTo.map(({ address }) => address), message });
        return done();
      });
    },
  });

let server: SMTPServer;

async function startServer(port = 0): Promise<number> {
  server = aServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.server.address() as AddressInfo).port;
}

/** Returns the port that nobody listens on now. */
async function stopServer(): Promise<number> {
  const { port } = server.server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await startServer();
  vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${port}`);
  vi.stubEnv("MAIL_FROM", "gatehouse@example.com");
});

afterAll(stopServer);

afterEach(async () => {
  refusal = null;
  received.length = 0;
  wire.length = 0;
  await prisma().outboxMessage.deleteMany();
});

const queue = (recipient: string) =>
  enqueueMail(
    "verify-email",
    recipient,
    () => ({
      subject: "Confirm\r\nBcc: thief@example.com",
      paragraphs: ["Hello <Ada> & co."],
      action: { label: "Confirm", url: "https://id.example.com/verify-email?token=a" },
    }),
    prisma(),
  );

const waiting = () => prisma().outboxMessage.findMany({ where: { sentAt: null } });
const makeDue = () => prisma().outboxMessage.updateMany({ data: { nextAttemptAt: new Date(0) } });

test("a queued mail is sent once, to the stored address and nobody else (ATK-10)", async () => {
  await queue("ada@example.com");
  expect(await deliverDueMail()).toBe(1);
  expect(await deliverDueMail()).toBe(0);
  expect(received).toHaveLength(1);
  const [mail] = received;
  expect(mail).toMatchObject({ from: "gatehouse@example.com", to: ["ada@example.com"] });
  expect(mail?.message).toMatch(/^Subject: Confirm Bcc: thief@example\.com\r$/m);
  expect(mail?.message).not.toMatch(/^Bcc:/m);
  expect(await waiting()).toEqual([]);
});

test("the envelope names the stored address as it is, however odd, and no other (ATK-10)", async () => {
  const stored = ["victims-fist@example.com", ...otherAddresses("victims-fist@example.com")];
  for (const address of stored) await queue(address);
  while ((await deliverDueMail()) > 0);
  expect(received.map(({ to }) => to.length)).toEqual(stored.map(() => 1));
  expect(wire.sort()).toEqual(stored.map((address) => `RCPT TO:<${address}>`).sort());
});

test("what is no stored address is never queued (ATK-10)", async () => {
  const victim = "victims-fist@example.com";
  for (const address of [...refusedAddresses(victim), ...sameAddresses(victim)]) {
    await expect(queue(address)).rejects.toThrow("no address");
  }
  expect(await prisma().outboxMessage.count()).toBe(0);
});

test("twenty workers send a mail once", async () => {
  await queue("ada@example.com");
  const sent = await race(20, () => deliverDueMail());
  expect(sent.filter((count) => count > 0)).toEqual([1]);
  expect(received).toHaveLength(1);
});

/** Tries once, and expects the mail to wait for its next turn with a reason. */
async function expectKept(attempts: number, reason: RegExp): Promise<void> {
  expect(await deliverDueMail()).toBe(0);
  const kept = await waiting();
  expect(kept).toMatchObject([{ attempts, lastError: expect.stringMatching(reason) }]);
  expect(kept[0]?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now());
  // Not before its turn.
  expect(await deliverDueMail()).toBe(0);
  expect(received).toEqual([]);
}

/** Whatever was in the way is gone: the mail arrives, and once. */
async function expectDeliveredOnce(): Promise<void> {
  await makeDue();
  expect(await deliverDueMail()).toBe(1);
  await makeDue();
  expect(await deliverDueMail()).toBe(0);
  expect(received.map(({ to }) => to)).toEqual([["ada@example.com"]]);
  expect(await prisma().outboxMessage.findMany()).toMatchObject([{ lastError: null }]);
}

describe.each([
  ["for now", 451],
  ["for good", 550],
])("a server that refuses %s with %i (FLT-16)", (_, code) => {
  test.each(["recipient", "data"] as const)(
    "at the %s: the mail is kept, tried again, and delivered once when it is taken",
    async (at) => {
      refusal = { at, code };
      await queue("ada@example.com");
      await expectKept(1, new RegExp(`${code}.*mailbox unavailable`));
      await makeDue();
      await expectKept(2, new RegExp(`${code}.*mailbox unavailable`));
      refusal = null;
      await expectDeliveredOnce();
      expect(await waiting()).toEqual([]);
    },
  );
});

test("a mail that is refused holds up no other (FLT-16)", async () => {
  refusal = { at: "recipient", code: 550 };
  await queue("ada@example.com");
  await expectKept(1, /550/);
  refusal = null;
  await queue("grace@example.com");
  expect(await deliverDueMail()).toBe(1);
  expect(received.map(({ to }) => to)).toEqual([["grace@example.com"]]);
  expect(await waiting()).toMatchObject([{ recipient: "ada@example.com" }]);
});

test("a server that is down: the mail is kept, and delivered once when it is up (FLT-16)", async () => {
  const port = await stopServer();
  await queue("ada@example.com");
  await expectKept(1, /ECONNREFUSED/);
  await makeDue();
  await expectKept(2, /ECONNREFUSED/);
  await startServer(port);
  await expectDeliveredOnce();
  expect(await waiting()).toEqual([]);
});

test("a mail whose worker died while sending is due again when its lease ends", async () => {
  await queue("ada@example.com");
  await prisma().outboxMessage.updateMany({
    data: { attempts: 1, nextAttemptAt: new Date(Date.now() + 300_000) },
  });
  expect(await deliverDueMail()).toBe(0);
  await makeDue();
  expect(await deliverDueMail()).toBe(1);
});
