import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SAMPLE_MAILS } from "@/app/dev/mail/sample-mails";
import * as emailChangeMails from "@/lib/authn/email-change-mails";
import * as signInMails from "@/lib/authn/mails";
import * as emailCodeMails from "@/lib/credentials/email-code/mails";
import * as tokenMails from "@/lib/personal-tokens/mails";
import * as userMails from "@/lib/users/mails";

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none");
  vi.stubEnv("AUTH_SECRET", "a-secret-that-only-tests-use-0123456789");
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("APP_URL", "https://id.example.com");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

test("every kind of mail has a sample", () => {
  const source = readFileSync(path.join(import.meta.dirname, "sample-mails.ts"), "utf8");
  const sampled = [...source.matchAll(/\(\) =>\s+(\w+Mail)\(/g)].map(([, name = ""]) => name);
  const makers = [signInMails, emailChangeMails, emailCodeMails, tokenMails, userMails].flatMap(
    (mails) => Object.keys(mails),
  );
  expect(sampled.sort()).toEqual(makers.sort());
});

test.each([...SAMPLE_MAILS])("%s leads to APP_URL alone (ATK-36)", (_kind, content) => {
  const { action, ...words } = content();
  if (action) expect(new URL(action.url).origin).toBe("https://id.example.com");
  expect(JSON.stringify(words)).not.toMatch(/https?:|www\./);
});
