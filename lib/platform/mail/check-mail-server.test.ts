import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.resetModules();
});

async function problemAt(smtpUrl: string): Promise<string | null> {
  vi.stubEnv("DATABASE_URL", "postgresql://gatehouse:x@localhost/gatehouse");
  vi.stubEnv("AUTH_SECRET", "a".repeat(43));
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("SMTP_URL", smtpUrl);
  const { checkMailServer } = await import("@/lib/platform/mail/check-mail-server");
  return checkMailServer();
}

const listening = (server: Pick<Server, "address">): number =>
  (server.address() as AddressInfo).port;

test("a server that answers and takes the sign-in is fine, and one that does not is named", async () => {
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    allowInsecureAuth: true,
    onAuth: ({ password }, _session, done) =>
      password === "right" ? done(null, { user: "gatehouse" }) : done(new Error("no")),
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const host = `127.0.0.1:${listening(server.server)}`;
  expect(await problemAt(`smtp://gatehouse:right@${host}`)).toBeNull();
  vi.resetModules();
  const problem = await problemAt(`smtp://gatehouse:a-wrong-word@${host}`);
  expect(problem).toContain(host);
  expect(problem).not.toContain("a-wrong-word");
  await new Promise<void>((resolve) => {
    server.close(resolve);
  });
});

test("where nothing listens, it says so", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const port = listening(server);
  await new Promise((resolve) => {
    server.close(resolve);
  });
  expect(await problemAt(`smtp://127.0.0.1:${port}`)).toMatch(
    new RegExp(`127\\.0\\.0\\.1:${port} .*ECONNREFUSED`),
  );
});
