import { expect, test } from "vitest";
import { ConfigurationError, parseConfig } from "@/lib/platform/config";
import { listVariables } from "@/lib/platform/list-variables";

const VALID = {
  DATABASE_URL: "postgresql://gatehouse:x@localhost/gatehouse",
  AUTH_SECRET: "a".repeat(43),
  DATA_ENCRYPTION_KEYS: "b".repeat(43),
};

const problemsOf = (environment: Record<string, string>): string[] => {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
};

test("what is not said has a safe default", () => {
  const config = parseConfig(VALID);
  expect(config).toMatchObject({
    origin: "http://localhost:3000",
    port: 3000,
    production: true,
    signUp: "open",
    trustedProxies: 0,
    secureCookies: false,
    loopback: true,
    google: null,
    github: null,
    outboundAllowedHosts: [],
  });
});

test("every problem is told at once, with an example", () => {
  const problems = problemsOf({ APP_URL: "nonsense", AUTH_SECRET: "short", SIGN_UP: "maybe" });
  for (const name of [
    "APP_URL",
    "AUTH_SECRET",
    "SIGN_UP",
    "DATABASE_URL",
    "DATA_ENCRYPTION_KEYS",
  ]) {
    expect(problems.some((line) => line.includes(name))).toBe(true);
  }
  expect(problems.join("\n")).toContain("Example:");
});

test.each([
  ["APP_URL", "http://id.example.com"],
  ["APP_URL", "https://id.example.com/path"],
  ["APP_URL", "ftp://id.example.com"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318"],
  ["OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:secret@otel.example.com"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "a token"],
  ["OTEL_EXPORTER_OTLP_HEADERS", "authorization=x%0D%0Ahost: y"],
  ["OTEL_TRACES_SAMPLER_ARG", "2"],
  ["OTEL_TRACES_SAMPLER_ARG", "all"],
  ["PORT", "70000"],
  ["PORT", "x"],
  ["TRUST_PROXY", "-1"],
  ["OUTBOUND_ALLOWED_HOSTS", "https://id.corp.internal"],
  ["OUTBOUND_ALLOWED_HOSTS", "id.corp.internal,10.0.0.0/8"],
  ["DATABASE_URL", "mysql://x"],
  ["DATABASE_URL", "postgresql://x?pgbouncer=yes"],
  ["DATABASE_DIRECT_URL", "mysql://x"],
  ["DATABASE_DIRECT_URL", "postgresql://x?pgbouncer=true"],
  ["DATABASE_REPLICA_URL", "x"],
  ["SMTP_URL", "http://x"],
  ["REDIS_URL", "redis.example.com:6379"],
  ["REDIS_URL", "http://redis.example.com"],
  ["REDIS_URL", "redis:///0"],
  ["REDIS_URL", "redis://:100%@redis.example.com"],
  ["REDIS_URL", "redis://redis.example.com/gatehouse"],
  ["ACCESS_TOKEN_LIFETIME", "16m"],
  ["ACCESS_TOKEN_LIFETIME", "10"],
  ["AUTH_GOOGLE_ID", "only the id"],
  ["GATEHOUSE_ADMIN_EMAIL", "only@example.com"],
  ["SMS_WEBHOOK_URL", "https://only-the-url.example.com"],
  ["SMS_WEBHOOK_SECRET", "whsec_tooshort"],
  ["SMS_WEBHOOK_SECRET", "bm8gcHJlZml4IGJ1dCBsb25nIGVub3VnaCB0byBiZSBh"],
  ["SMS_COUNTRIES", "Austria"],
])("%s=%s is refused by name", (name, value) => {
  const problems = problemsOf({ ...VALID, [name]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(name);
});

test("a database is reached through a pooler where its address says so, each by itself", () => {
  const pooled = "postgresql://gatehouse:x@pooler:6432/gatehouse?pgbouncer=true";
  expect(parseConfig(VALID).database).toMatchObject({
    pooled: false,
    directUrl: null,
    replica: null,
  });
  expect(
    parseConfig({
      ...VALID,
      DATABASE_URL: pooled,
      DATABASE_DIRECT_URL: VALID.DATABASE_URL,
      DATABASE_REPLICA_URL: `${VALID.DATABASE_URL}?pgbouncer=false`,
    }).database,
  ).toMatchObject({
    url: pooled,
    pooled: true,
    directUrl: VALID.DATABASE_URL,
    replica: { pooled: false },
  });
});

test("secrets are lists of which the first signs", () => {
  const first = "c".repeat(43);
  const config = parseConfig({ ...VALID, AUTH_SECRET: `${first}, ${VALID.AUTH_SECRET}` });
  expect(config.authSecrets).toEqual([first, VALID.AUTH_SECRET]);
});

test("text messages go over https, or to this machine", () => {
  const secret = { SMS_WEBHOOK_SECRET: `whsec_${"a".repeat(32)}` };
  const ofUrl = (url: string) => problemsOf({ ...VALID, ...secret, SMS_WEBHOOK_URL: url });
  expect(ofUrl("http://sms.example.com/send")[0]).toContain("must use https");
  expect(ofUrl("https://sms.example.com/send")).toEqual([]);
  expect(ofUrl("http://127.0.0.1:4000/send")).toEqual([]);
  expect(ofUrl("ftp://127.0.0.1/send")[0]).toContain("SMS_WEBHOOK_URL");
});

test("https makes cookies secure", () => {
  const config = parseConfig({ ...VALID, APP_URL: "https://id.example.com" });
  expect(config).toMatchObject({ secureCookies: true, loopback: false });
});

test("an empty variable is a missing one", () => {
  expect(parseConfig({ ...VALID, PORT: "", SMTP_URL: "" })).toMatchObject({
    port: 3000,
    mail: { smtpUrl: null },
  });
});

test("every variable is listed with its default and where its value comes from", () => {
  const variables = listVariables({
    ...VALID,
    SIGN_UP: "invite",
    SMTP_URL: "",
    GATEHOUSE_VALUE_SOURCES: "AUTH_SECRET=env-file,DATABASE_URL=start,SMTP_URL=env-file,X=y",
  });
  const found = (name: string) => variables.find((variable) => variable.name === name);
  expect(found("AUTH_SECRET")).toMatchObject({ source: "env-file", given: VALID.AUTH_SECRET });
  expect(found("DATABASE_URL")).toMatchObject({ source: "start" });
  expect(found("DATA_ENCRYPTION_KEYS")).toMatchObject({ source: "environment", fallback: null });
  expect(found("SIGN_UP")).toMatchObject({
    source: "environment",
    given: "invite",
    fallback: "open",
    choices: ["open", "invite", "closed"],
  });
  expect(found("SMTP_URL")).toMatchObject({ source: "default", given: null });
  expect(found("PORT")).toMatchObject({ fallback: "3000", minimum: 0, maximum: 65_535 });
  expect(found("SESSION_IDLE_LIFETIME")).toMatchObject({ fallback: "7d", given: null });
  expect(found("AUDIT_RETENTION")).toMatchObject({ fallback: "forever" });
});
