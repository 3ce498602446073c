import type { VariableName } from "@/lib/platform/environment-variables";
import type { Translator } from "@/lib/platform/locale/translator";

/** What is said of the settings in the catalogue. */
export type SettingWords = Translator<"admin-settings">;

export const GROUPS = [
  "process",
  "database",
  "secrets",
  "signIn",
  "messages",
  "apps",
  "records",
] as const;
type Group = (typeof GROUPS)[number];

type Key = Parameters<SettingWords>[0];
type Within<Prefix extends string> = Key extends infer K
  ? K extends `${Prefix}.${infer Name}`
    ? Name
    : never
  : never;

interface Place {
  group: Group;
  /** What a value is counted in, or the form it has. */
  unit?: Within<"units">;
  /** What holds where nothing is set, when that is no value of its own. */
  without?: Within<"without">;
}

/** Where each variable stands. One that is new is placed here, and explained in the catalogue, before anything compiles. */
export const VARIABLES: Record<VariableName, Place> = {
  NODE_ENV: { group: "process" },
  APP_URL: { group: "process", unit: "origin" },
  PORT: { group: "process", unit: "port" },
  HOST: { group: "process", without: "interfaces" },
  TRUST_PROXY: { group: "process", unit: "proxies" },
  OUTBOUND_ALLOWED_HOSTS: { group: "process", unit: "commaList", without: "internet" },
  DATABASE_URL: { group: "database", unit: "address" },
  DATABASE_DIRECT_URL: { group: "database", unit: "address", without: "sameDatabase" },
  DATABASE_REPLICA_URL: { group: "database", unit: "address", without: "sameDatabase" },
  DATABASE_POOL_SIZE: { group: "database", unit: "connections" },
  DATA_DIR: { group: "database", unit: "path" },
  REDIS_URL: { group: "database", unit: "address", without: "database" },
  AUTH_SECRET: { group: "secrets", unit: "commaList" },
  DATA_ENCRYPTION_KEYS: { group: "secrets", unit: "commaList" },
  GATEHOUSE_ADMIN_EMAIL: { group: "secrets", without: "firstStart" },
  GATEHOUSE_ADMIN_PASSWORD: { group: "secrets", without: "firstStart" },
  SIGN_UP: { group: "signIn" },
  SESSION_IDLE_LIFETIME: { group: "signIn", unit: "duration" },
  SESSION_ABSOLUTE_LIFETIME: { group: "signIn", unit: "duration" },
  AUTH_GOOGLE_ID: { group: "signIn", without: "off" },
  AUTH_GOOGLE_SECRET: { group: "signIn", without: "off" },
  AUTH_GOOGLE_ISSUER: { group: "signIn", unit: "address" },
  AUTH_GITHUB_ID: { group: "signIn", without: "off" },
  AUTH_GITHUB_SECRET: { group: "signIn", without: "off" },
  AUTH_GITHUB_BASE_URL: { group: "signIn", unit: "address" },
  SMTP_URL: { group: "messages", unit: "address", without: "mails" },
  MAIL_FROM: { group: "messages" },
  SMS_WEBHOOK_URL: { group: "messages", unit: "address", without: "textMessages" },
  SMS_WEBHOOK_SECRET: { group: "messages", without: "textMessages" },
  SMS_COUNTRIES: { group: "messages", unit: "countryCodes", without: "everywhere" },
  ACCESS_TOKEN_LIFETIME: { group: "apps", unit: "duration" },
  REFRESH_TOKEN_LIFETIME: { group: "apps", unit: "duration" },
  CLIENT_ID_METADATA_DOCUMENTS: { group: "apps" },
  DYNAMIC_REGISTRATION: { group: "apps" },
  GATEWAY_TOKEN: { group: "apps", unit: "commaList", without: "gateway" },
  GATEWAY_RULES_FILE: { group: "apps", unit: "path", without: "gateway" },
  AUDIT_RETENTION: { group: "records", unit: "durationOrForever" },
  AUDIT_SYSLOG_URL: { group: "records", unit: "address", without: "nowhere" },
  LOG_LEVEL: { group: "records" },
  OTEL_EXPORTER_OTLP_ENDPOINT: { group: "records", unit: "address", without: "nowhere" },
  OTEL_EXPORTER_OTLP_HEADERS: { group: "records" },
  OTEL_SERVICE_NAME: { group: "records" },
  OTEL_TRACES_SAMPLER_ARG: { group: "records" },
  METRICS_TOKEN: { group: "records", without: "metrics" },
  CRON_SECRET: { group: "process", without: "itself" },
};
