import "server-only";
import { z } from "zod";
import { POSTGRES_URL } from "@/lib/platform/database-address";
import { webhookKeyOf } from "@/lib/platform/http/webhook-signature";
import { syslogTargetOf } from "@/lib/platform/syslog/syslog-target";
import { collectorHeadersOf } from "@/lib/platform/tracing/collector-headers";
import { parseDurationSeconds } from "@/lib/shared/duration";
import { GITHUB_BASE_URL, GOOGLE_ISSUER } from "@/lib/shared/provider-defaults";

const example = (problem: string, value: string) => `${problem}. Example: ${value}`;

const duration = (fallback: string, minimum: string, maximum: string) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const value = parseDurationSeconds(text);
      const least = parseDurationSeconds(minimum) ?? 0;
      const most = parseDurationSeconds(maximum) ?? Number.POSITIVE_INFINITY;
      if (value === undefined || value < least || value > most) {
        context.addIssue({
          code: "custom",
          message: example(`must be a duration from ${minimum} to ${maximum}`, fallback),
        });
        return z.NEVER;
      }
      return value;
    });

const commaList = (minimumLength: number, sample: string) =>
  z
    .string(example("is missing", sample))
    .transform((text) => text.split(",").map((part) => part.trim()))
    .refine((parts) => parts.every((part) => part.length >= minimumLength), {
      message: example(`every entry needs at least ${minimumLength} characters`, sample),
    });

/** `host` or `host:port`, as a URL writes them. */
const hostList = z
  .string()
  .default("")
  .transform((text, context) => {
    const hosts = text.split(",").map((part) => part.trim().toLowerCase());
    const given = hosts.filter((host) => host !== "");
    if (given.every((host) => URL.parse(`https://${host}`)?.host === host)) return given;
    context.addIssue({
      code: "custom",
      message: example("must be a comma list of hosts", "id.corp.internal,10.0.0.5:8443"),
    });
    return z.NEVER;
  });

const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

/** With a host, and as path nothing but the number of a database. */
function isRedisUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hostname === "" || !/^rediss?:$/.test(url.protocol)) return false;
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    return false;
  }
  return /^(?:\/\d*)?$/.test(url.pathname);
}

/** An address that is posted to, and that opens nothing by itself. */
const isCollectorAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && `${url.username}${url.password}` === "";
};

const furtherDatabase = (sample: string) =>
  optionalText.refine(
    (text) => text === undefined || POSTGRES_URL.test(text),
    example("must be a PostgreSQL URL", sample),
  );

/** Every variable that there is, each by itself. */
export const Environment = z.object({
  NODE_ENV: z.enum(["production", "development", "test"]).default("production"),
  APP_URL: z
    .string()
    .default("http://localhost:3000")
    .transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "") {
        context.addIssue({
          code: "custom",
          message: example("must be an origin without a path", "https://id.example.com"),
        });
        return z.NEVER;
      }
      return url;
    }),
  PORT: z.coerce
    .number(example("must be a port number", "3000"))
    .int()
    .min(0, example("must be a port number", "3000"))
    .max(65_535, example("must be a port number", "3000"))
    .default(3000),
  HOST: optionalText,
  DATABASE_URL: z
    .string(example("is missing", "postgresql://gatehouse:secret@localhost:5432/gatehouse"))
    .regex(
      POSTGRES_URL,
      example("must be a PostgreSQL URL", "postgresql://gatehouse:secret@localhost:5432/gatehouse"),
    ),
  DATABASE_DIRECT_URL: furtherDatabase("postgresql://gatehouse:secret@postgres:5432/gatehouse"),
  DATABASE_REPLICA_URL: furtherDatabase("postgresql://gatehouse:secret@replica:5432/gatehouse"),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10),
  DATA_DIR: z.string().default(".data"),
  REDIS_URL: optionalText.refine(
    (text) => text === undefined || isRedisUrl(text),
    example("must be a redis or rediss URL", "rediss://gatehouse:secret@redis.example.com:6379/0"),
  ),
  AUTH_SECRET: commaList(32, "the output of `openssl rand -base64 33`"),
  DATA_ENCRYPTION_KEYS: commaList(32, "the output of `openssl rand -base64 33`"),
  AUTH_GOOGLE_ID: optionalText,
  AUTH_GOOGLE_SECRET: optionalText,
  AUTH_GOOGLE_ISSUER: z.url().default(GOOGLE_ISSUER),
  AUTH_GITHUB_ID: optionalText,
  AUTH_GITHUB_SECRET: optionalText,
  AUTH_GITHUB_BASE_URL: z.url().default(GITHUB_BASE_URL),
  OUTBOUND_ALLOWED_HOSTS: hostList,
  SMTP_URL: optionalText.refine(
    (text) => text === undefined || /^smtps?:\/\//.test(text),
    example("must be an SMTP URL", "smtps://user:secret@smtp.example.com"),
  ),
  MAIL_FROM: z.string().default("Gatehouse <no-reply@localhost>"),
  SMS_WEBHOOK_URL: optionalText.refine(
    (text) => text === undefined || (URL.canParse(text) && /^https?:\/\//.test(text)),
    example("must be an http or https URL", "https://sms.example.com/send"),
  ),
  SMS_WEBHOOK_SECRET: optionalText.refine(
    (text) => text === undefined || webhookKeyOf(text) !== null,
    example("must be whsec_ and 24 to 64 bytes in base64", "whsec_ and `openssl rand -base64 32`"),
  ),
  SMS_COUNTRIES: z
    .string()
    .default("")
    .transform((text) => text.split(",").map((part) => part.trim().toUpperCase()))
    .transform((parts) => parts.filter((part) => part !== ""))
    .refine((parts) => parts.every((part) => /^[A-Z]{2}$/.test(part)), {
      message: example("must be a comma list of two-letter country codes", "AT,DE,CH"),
    }),
  TRUST_PROXY: z.coerce
    .number(example("must be the number of proxies in front", "1"))
    .int()
    .min(0)
    .max(16)
    .default(0),
  GATEHOUSE_ADMIN_EMAIL: optionalText,
  GATEHOUSE_ADMIN_PASSWORD: optionalText,
  SIGN_UP: z
    .enum(["open", "invite", "closed"], example("must be open, invite or closed", "open"))
    .default("open"),
  CLIENT_ID_METADATA_DOCUMENTS: z
    .enum(["off", "on"], example("must be off or on", "off"))
    .default("off"),
  DYNAMIC_REGISTRATION: z
    .enum(["off", "token"], example("must be off or token", "off"))
    .default("off"),
  ACCESS_TOKEN_LIFETIME: duration("10m", "5m", "15m"),
  REFRESH_TOKEN_LIFETIME: duration("14d", "7d", "30d"),
  SESSION_IDLE_LIFETIME: duration("7d", "1m", "30d"),
  SESSION_ABSOLUTE_LIFETIME: duration("30d", "5m", "90d"),
  AUDIT_RETENTION: z
    .union([z.literal("forever"), duration("400d", "30d", "9999d")])
    .default("forever"),
  AUDIT_SYSLOG_URL: optionalText.refine(
    (text) => text === undefined || syslogTargetOf(text) !== null,
    example(
      "must be syslog+tls:// or syslog+tcp:// with host and port",
      "syslog+tls://siem.example.com:6514",
    ),
  ),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: optionalText.refine(
    (text) => text === undefined || isCollectorAddress(text),
    example("must be an http or https URL without a password", "http://localhost:4318"),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: optionalText.refine(
    (text) => text === undefined || collectorHeadersOf(text) !== null,
    example("must be a comma list of name=value", "authorization=Basic%20dXNlcjpzZWNyZXQ="),
  ),
  OTEL_SERVICE_NAME: z.string().trim().default("gatehouse"),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number(example("must be a share from 0 to 1", "0.1"))
    .min(0, example("must be a share from 0 to 1", "0.1"))
    .max(1, example("must be a share from 0 to 1", "0.1"))
    .default(1),
  GATEWAY_TOKEN: commaList(32, "the output of `openssl rand -base64 33`").optional(),
  GATEWAY_RULES_FILE: optionalText,
  METRICS_TOKEN: optionalText,
  CRON_SECRET: optionalText,
});

export type Environment = z.output<typeof Environment>;
export type VariableName = keyof z.input<typeof Environment>;
