import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { checkNames } from "@/app/_health/check-installation";
import { CONFIGURATION_CHECKS } from "@/app/_health/configuration-checks";
import { parseConfig } from "@/lib/platform/config";

const DRAWN = "k3Vd9xQ0pLr7TzWm2YbNc8HfGs5JuEaI4oXq1RvB6tU";
const VALID = {
  DATABASE_URL: "postgresql://gatehouse:x@localhost/gatehouse",
  AUTH_SECRET: DRAWN,
  DATA_ENCRYPTION_KEYS: DRAWN.split("").toReversed().join(""),
};
const PUBLIC = { APP_URL: "https://id.example.com", TRUST_PROXY: "1" };

const foundIn = (environment: Record<string, string>) => {
  const config = parseConfig({ ...VALID, ...environment });
  return CONFIGURATION_CHECKS.filter(({ problemOf }) => problemOf(config) !== null).map(
    ({ name }) => name,
  );
};

test("what npm start makes, and an address behind a proxy, are without a finding", () => {
  expect(foundIn({})).toEqual([]);
  expect(foundIn(PUBLIC)).toEqual([]);
});

test.each<[string, Record<string, string>]>([
  ["proxy", { APP_URL: "https://id.example.com" }],
  ["production", { ...PUBLIC, NODE_ENV: "development" }],
  ["secrets", { DATA_ENCRYPTION_KEYS: DRAWN }],
  ["secrets", { AUTH_SECRET: "a".repeat(43) }],
  ["secrets", { DATA_ENCRYPTION_KEYS: `please-change-me-${DRAWN}` }],
  ["lifetimes", { SESSION_IDLE_LIFETIME: "30d", SESSION_ABSOLUTE_LIFETIME: "1d" }],
  ["sender of mails", { ...PUBLIC, SMTP_URL: "smtps://u:p@smtp.example.com" }],
  [
    "mail encryption",
    { ...PUBLIC, SMTP_URL: "smtp://u:p@smtp.example.com:25", MAIL_FROM: "a@example.com" },
  ],
  ["tokens of machines", { METRICS_TOKEN: "short" }],
  ["tokens of machines", { CRON_SECRET: "short" }],
  ["pooler", { DATABASE_URL: "postgresql://u:p@ep-x-1-pooler.eu-central-1.aws.neon.tech/db" }],
  [
    "pooler",
    { DATABASE_REPLICA_URL: "postgresql://u:p@aws-0-eu.pooler.supabase.com:6543/postgres" },
  ],
  ["collector of the log", { AUDIT_SYSLOG_URL: "syslog+tcp://siem.example.com:601" }],
])("%s is found", (name, environment) => {
  expect(foundIn(environment)).toEqual([name]);
});

test("a program for this machine alone that others reach is found, with proxies and without", () => {
  expect(foundIn({ HOST: "0.0.0.0" })).toEqual(["listening"]);
  expect(foundIn({ HOST: "0.0.0.0", TRUST_PROXY: "1" })).toEqual(["trusted proxies", "listening"]);
  expect(foundIn({ HOST: "127.0.0.1", TRUST_PROXY: "1" })).toEqual([]);
});

test("secrets that others on the machine may read are found", () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), "doctor-"));
  const cwd = vi.spyOn(process, "cwd").mockReturnValue(dir);
  try {
    const file = path.join(dir, ".env.local");
    writeFileSync(file, "AUTH_SECRET=x", { mode: 0o600 });
    expect(foundIn({})).toEqual([]);
    chmodSync(file, 0o644);
    expect(foundIn({})).toEqual(["file of secrets"]);
  } finally {
    cwd.mockRestore();
    rmSync(dir, { recursive: true });
  }
});

test("no finding says a secret", () => {
  const secret = "please-change-me-hunter2hunter2hunter2hunter2";
  const config = parseConfig({
    ...VALID,
    AUTH_SECRET: secret,
    METRICS_TOKEN: "hunter2",
    SMTP_URL: "smtp://u:hunter2@smtp.example.com:25",
  });
  const said = CONFIGURATION_CHECKS.map(({ problemOf }) => problemOf(config)).join("\n");
  expect(said).toContain("AUTH_SECRET");
  expect(said).not.toContain("hunter2");
});

test("the runbook lists every check, in its order", () => {
  const runbook = readFileSync(path.resolve(import.meta.dirname, "../../docs/runbook.md"), "utf8");
  const [, table = ""] = runbook.split("The doctor knows these");
  const listed = [...(table.split("**Metrics.**")[0] ?? "").matchAll(/^\| `([^`]+)` \|/gm)];
  expect(listed.map(([, name]) => name)).toEqual(checkNames());
  expect(checkNames().length).toBeGreaterThanOrEqual(20);
});
