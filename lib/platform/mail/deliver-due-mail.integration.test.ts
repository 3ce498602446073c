import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { deliverDueMail } from "@/lib/platform/mail/deliver-due-mail";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { race } from "@/tests/support/race";

interface Received {
  from: string;
  to: string[];
  message: string;
}

const received: Received[] = [];
let refusing = false;

const server = new SMTPServer({
  disabledCommands: ["STARTTLS", "AUTH"],
  onRcptTo: (_address, _session, done) =>
    refusing ? done(new Error("mailbox unavailable")) : done(),
  onData(stream, { envelope }, done) {
    let message = "";
    stream.on("data", (chunk) => {
      message += String(chunk);
    });
    stream.on("end", () => {
      const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
      received.push({ from, to: envelope.rcptTo.map(({ address }) => address), message });
      done();
    });
  },
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  vi.stubEnv("SMTP_URL", `smtp://127.0.0.1:${port}`);
  vi.stubEnv("MAIL_FROM", "gatehouse@example.com");
});

afterAll(() => new Promise<void>((resolve) => server.close(resolve)));

afterEach(async () => {
  refusing = false;
  received.length = 0;
  await prisma().outboxMail.deleteMany();
});

const queue = (recipient: string) =>
  enqueueMail(
    "verify-email",
    recipient,
    {
      subject: "Confirm\r\nBcc: thief@example.com",
      paragraphs: ["Hello <Ada> & co."],
      action: { label: "Confirm", url: "https://id.example.com/verify-email?token=a" },
    },
    prisma(),
  );

const waiting = () => prisma().outboxMail.findMany({ where: { sentAt: null } });
const makeDue = () => prisma().outboxMail.updateMany({ data: { nextAttemptAt: new Date(0) } });

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

test("twenty workers send a mail once", async () => {
  await queue("ada@example.com");
  const sent = await race(20, () => deliverDueMail());
  expect(sent.filter((count) => count > 0)).toEqual([1]);
  expect(received).toHaveLength(1);
});

test("a mail that was refused is kept, and sent when the server takes it", async () => {
  refusing = true;
  await queue("ada@example.com");
  expect(await deliverDueMail()).toBe(0);
  const [kept] = await waiting();
  expect(kept).toMatchObject({ attempts: 1 });
  expect(kept?.lastError).toContain("mailbox unavailable");
  expect(kept?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now());

  refusing = false;
  expect(await deliverDueMail()).toBe(0);
  await makeDue();
  expect(await deliverDueMail()).toBe(1);
  expect(received).toHaveLength(1);
  expect(await waiting()).toEqual([]);
});

test("a mail whose worker died while sending is due again when its lease ends", async () => {
  await queue("ada@example.com");
  await prisma().outboxMail.updateMany({
    data: { attempts: 1, nextAttemptAt: new Date(Date.now() + 300_000) },
  });
  expect(await deliverDueMail()).toBe(0);
  await makeDue();
  expect(await deliverDueMail()).toBe(1);
});
