import "server-only";
import type { VariableName } from "@/lib/platform/environment-variables";

/** Of an `address` its scheme, host and path are told, of a `host` no path: what is left may open something. */
export type Disclosure = "open" | "address" | "host" | "secret";

/** What may be told of each variable. One that is new has to be judged here before anything compiles. */
export const DISCLOSURE: Record<VariableName, Disclosure> = {
  NODE_ENV: "open",
  APP_URL: "open",
  PORT: "open",
  HOST: "open",
  DATABASE_URL: "address",
  DATABASE_DIRECT_URL: "address",
  DATABASE_REPLICA_URL: "address",
  DATABASE_POOL_SIZE: "open",
  DATA_DIR: "open",
  REDIS_URL: "host",
  AUTH_SECRET: "secret",
  DATA_ENCRYPTION_KEYS: "secret",
  AUTH_GOOGLE_ID: "open",
  AUTH_GOOGLE_SECRET: "secret",
  AUTH_GOOGLE_ISSUER: "open",
  AUTH_GITHUB_ID: "open",
  AUTH_GITHUB_SECRET: "secret",
  AUTH_GITHUB_BASE_URL: "open",
  OUTBOUND_ALLOWED_HOSTS: "open",
  SMTP_URL: "host",
  MAIL_FROM: "open",
  // Gateways have tokens in their paths.
  SMS_WEBHOOK_URL: "host",
  SMS_WEBHOOK_SECRET: "secret",
  SMS_COUNTRIES: "open",
  TRUST_PROXY: "open",
  GATEHOUSE_ADMIN_EMAIL: "open",
  GATEHOUSE_ADMIN_PASSWORD: "secret",
  SIGN_UP: "open",
  CLIENT_ID_METADATA_DOCUMENTS: "open",
  DYNAMIC_REGISTRATION: "open",
  ACCESS_TOKEN_LIFETIME: "open",
  REFRESH_TOKEN_LIFETIME: "open",
  SESSION_IDLE_LIFETIME: "open",
  SESSION_ABSOLUTE_LIFETIME: "open",
  AUDIT_RETENTION: "open",
  AUDIT_SYSLOG_URL: "host",
  LOG_LEVEL: "open",
  // Collectors of others have tokens in their paths.
  OTEL_EXPORTER_OTLP_ENDPOINT: "host",
  OTEL_EXPORTER_OTLP_HEADERS: "secret",
  OTEL_SERVICE_NAME: "open",
  OTEL_TRACES_SAMPLER_ARG: "open",
  GATEWAY_TOKEN: "secret",
  GATEWAY_RULES_FILE: "open",
  METRICS_TOKEN: "secret",
  CRON_SECRET: "secret",
};
