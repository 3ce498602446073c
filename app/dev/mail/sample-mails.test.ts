import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { SAMPLE_MAILS } from "@/app/dev/mail/sample-mails";
import { translatorFor } from "@/lib/platform/locale/translator";
import { LOCALES } from "@/lib/shared/locale";

beforeAll(() => {
  vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1/none");
  vi.stubEnv("AUTH_SECRET", "a-secret-that-only-tests-use-0123456789");
  vi.stubEnv("DATA_ENCRYPTION_KEYS", "b".repeat(43));
  vi.stubEnv("APP_URL", "https://id.example.com");
});
afterAll(() => {
  vi.unstubAllEnvs();
});

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** What makes mails, in every feature. */
async function mailMakers(): Promise<string[]> {
  const files = globSync("lib/**/{mails,*-mails}.ts", { cwd: ROOT });
  const modules = await Promise.all(
    files.map((file) => import(path.join(ROOT, file)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((mails) => Object.keys(mails));
}

test("every kind of mail has a sample", async () => {
  const source = readFileSync(path.join(import.meta.dirname, "sample-mails.ts"), "utf8");
  const sampled = [...source.matchAll(/\(\) =>\s+(\w+Mail)\(/g)].map(([, name = ""]) => name);
  expect(sampled.sort()).toEqual((await mailMakers()).sort());
});

test("every kind that is queued anywhere has a sample under its name", () => {
  const kinds = globSync("lib/**/*.ts", { cwd: ROOT })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(path.join(ROOT, file), "utf8"))
    .flatMap((source) => [...source.matchAll(/enqueueMail\(\s*"([\w-]+)"/g)])
    .map(([, kind = ""]) => kind);
  expect(kinds.length).toBeGreaterThan(10);
  expect(kinds.filter((kind) => !SAMPLE_MAILS.has(kind))).toEqual([]);
});

test.each([...SAMPLE_MAILS])(
  "%s leads to APP_URL alone, in every language (ATK-36)",
  async (_kind, draft) => {
    for (const locale of LOCALES) {
      const { action, ...words } = draft()(await translatorFor(locale, "mail"), locale);
      if (action) expect(new URL(action.url).origin).toBe("https://id.example.com");
      expect(JSON.stringify(words)).not.toMatch(/https?:|www\./);
    }
  },
);
