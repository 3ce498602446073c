import "server-only";
import { addressOf, addressProblems } from "@/lib/platform/database-address";
import { Environment } from "@/lib/platform/environment-variables";
import { webhookKeyOf } from "@/lib/platform/http/webhook-signature";
import { readSecret, withSecretFiles } from "@/lib/platform/secret-files";
import { syslogTargetOf } from "@/lib/platform/syslog/syslog-target";
import { collectorHeadersOf } from "@/lib/platform/tracing/collector-headers";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";

/** The configuration is unusable; `problems` has one line for each variable. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The configuration has ${problems.length} problem(s):\n${problems.join("\n")}`);
    this.name = "ConfigurationError";
  }
}

/** sysexits.h EX_CONFIG. */
export const EXIT_CONFIGURATION = 78;

/** True for a Host header that names this machine. */
export const isLoopbackHost = (host: string | null): boolean =>
  LOOPBACK_HOSTS.has((host ?? "").replace(/:\d+$/, "").toLowerCase());

function socialProvider(name: string, id?: string, secret?: string) {
  if (id === undefined && secret === undefined) return null;
  if (id !== undefined && secret !== undefined) return { id, secret };
  throw new ConfigurationError([
    `  AUTH_${name}_ID: goes together with AUTH_${name}_SECRET. Set both or neither.`,
  ]);
}

/** Problems that concern more than one variable. */
function crossChecks(env: Environment): string[] {
  const problems = addressProblems(env);
  const loopback = LOOPBACK_HOSTS.has(env.APP_URL.hostname);
  if (env.NODE_ENV === "production" && env.APP_URL.protocol !== "https:" && !loopback) {
    problems.push(
      `  APP_URL: must use https in production unless it is localhost. Example: https://${env.APP_URL.host}`,
    );
  }
  if ((env.GATEHOUSE_ADMIN_EMAIL === undefined) !== (env.GATEHOUSE_ADMIN_PASSWORD === undefined)) {
    problems.push(
      "  GATEHOUSE_ADMIN_EMAIL: goes together with GATEHOUSE_ADMIN_PASSWORD. Set both or neither.",
    );
  }
  if ((env.SMS_WEBHOOK_URL === undefined) !== (env.SMS_WEBHOOK_SECRET === undefined)) {
    problems.push("  SMS_WEBHOOK_URL: goes together with SMS_WEBHOOK_SECRET. Set both or neither.");
  }
  const smsUrl = env.SMS_WEBHOOK_URL;
  if (smsUrl?.startsWith("http:") && !LOOPBACK_HOSTS.has(new URL(smsUrl).hostname)) {
    problems.push(
      "  SMS_WEBHOOK_URL: must use https unless it is localhost: the messages hold codes.",
    );
  }
  return problems;
}

function smsWebhook(url: string | undefined, secret: string | undefined) {
  const key = secret === undefined ? null : webhookKeyOf(secret);
  return url === undefined || key === null ? null : { url, key };
}

/**
 * Parses an environment into the configuration, or throws one
 * {@link ConfigurationError} that names every variable, its problem and an example.
 */
export function parseConfig(environment: Record<string, string | undefined>) {
  const { environment: filled, problems: unreadable } = withSecretFiles(environment);
  if (unreadable.length > 0) throw new ConfigurationError(unreadable);
  const present = Object.fromEntries(
    Object.entries(filled).filter(([, value]) => value !== undefined && value !== ""),
  );
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`),
    );
  }
  const env = parsed.data;
  const problems = crossChecks(env);
  if (problems.length > 0) throw new ConfigurationError(problems);
  const appUrl = env.APP_URL;
  return {
    production: env.NODE_ENV === "production",
    appUrl,
    /** What an Origin header must equal (D18). */
    origin: appUrl.origin,
    secureCookies: appUrl.protocol === "https:",
    /** True when only this machine can be meant: mails may then be read at /dev/mail. */
    loopback: LOOPBACK_HOSTS.has(appUrl.hostname),
    port: env.PORT,
    host: env.HOST ?? null,
    database: {
      ...addressOf(env.DATABASE_URL),
      poolSize: env.DATABASE_POOL_SIZE,
      /** PostgreSQL itself, where `url` names a pooler: what migrations need. */
      directUrl: env.DATABASE_DIRECT_URL ?? null,
      /** Where administrators' long lists are read; null where that is nowhere else. */
      replica: env.DATABASE_REPLICA_URL === undefined ? null : addressOf(env.DATABASE_REPLICA_URL),
    },
    redisUrl: env.REDIS_URL ?? null,
    authSecrets: env.AUTH_SECRET,
    dataEncryptionKeys: env.DATA_ENCRYPTION_KEYS,
    google: withIssuer(
      socialProvider("GOOGLE", env.AUTH_GOOGLE_ID, env.AUTH_GOOGLE_SECRET),
      env.AUTH_GOOGLE_ISSUER,
    ),
    github: withIssuer(
      socialProvider("GITHUB", env.AUTH_GITHUB_ID, env.AUTH_GITHUB_SECRET),
      env.AUTH_GITHUB_BASE_URL,
    ),
    /** Hosts within our own network that may be asked all the same (ATK-62). */
    outboundAllowedHosts: env.OUTBOUND_ALLOWED_HOSTS,
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
    sms: {
      webhook: smsWebhook(env.SMS_WEBHOOK_URL, env.SMS_WEBHOOK_SECRET),
      /** Where messages may go, as ISO 3166-1 alpha-2; empty for everywhere. */
      countries: env.SMS_COUNTRIES,
    },
    trustedProxies: env.TRUST_PROXY,
    firstAdministrator:
      env.GATEHOUSE_ADMIN_EMAIL === undefined || env.GATEHOUSE_ADMIN_PASSWORD === undefined
        ? null
        : {
            email: env.GATEHOUSE_ADMIN_EMAIL,
            password: env.GATEHOUSE_ADMIN_PASSWORD,
          },
    signUp: env.SIGN_UP,
    session: {
      idleLifetimeSeconds: env.SESSION_IDLE_LIFETIME,
      absoluteLifetimeSeconds: env.SESSION_ABSOLUTE_LIFETIME,
    },
    tokens: {
      accessLifetimeSeconds: env.ACCESS_TOKEN_LIFETIME,
      refreshLifetimeSeconds: env.REFRESH_TOKEN_LIFETIME,
    },
    clients: {
      /** Whether programs may register themselves, by a token that an administrator has made. */
      byRegistration: env.DYNAMIC_REGISTRATION === "token",
      /** Whether a client may be known by a document at its id alone, without being registered. */
      byDocument: env.CLIENT_ID_METADATA_DOCUMENTS === "on",
    },
    audit: {
      /** How long events are kept; null for ever. */
      retentionSeconds: env.AUDIT_RETENTION === "forever" ? null : env.AUDIT_RETENTION,
      /** Who is sent every event; null for nobody. */
      syslog: env.AUDIT_SYSLOG_URL === undefined ? null : syslogTargetOf(env.AUDIT_SYSLOG_URL),
    },
    gateway: {
      /** By which a proxy shows that it is one of ours; without any, the gateway admits nothing. */
      tokens: env.GATEWAY_TOKEN ?? [],
      rulesFile: env.GATEWAY_RULES_FILE ?? null,
    },
    logLevel: env.LOG_LEVEL,
    traces: {
      /** Who is sent traces; null for nobody. */
      endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
      headers: collectorHeadersOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? "") ?? {},
      serviceName: env.OTEL_SERVICE_NAME,
      /** How many of all traces, from 0 to 1. */
      sampledShare: env.OTEL_TRACES_SAMPLER_ARG,
    },
    metricsToken: env.METRICS_TOKEN ?? null,
    cronSecret: env.CRON_SECRET ?? null,
  };
}

function withIssuer(provider: { id: string; secret: string } | null, issuer: string) {
  return provider === null ? null : { ...provider, issuer: issuer.replace(/\/$/, "") };
}

export type Config = ReturnType<typeof parseConfig>;

let memoised: Config | undefined;

/**
 * The configuration, parsed at the first call: `next build` needs no secrets.
 * Throws {@link ConfigurationError}; boot calls it before serving.
 */
export function getConfig(): Config {
  memoised ??= parseConfig(process.env);
  return memoised;
}

/** A secret that a file of configuration names, and that is not set where there is none; never kept. */
export function readReferredSecret(variable: string): string | null {
  const { value, problem } = readSecret(variable, process.env);
  if (problem !== undefined) throw new ConfigurationError([problem]);
  return value ?? null;
}

/** The environment as it is, for whoever shows what is set and by whom. */
export const processEnvironment = (): Record<string, string | undefined> => process.env;

/** What the process above the workers of one port has given each of them; null where there is none. */
export const readLaneSecret = (): string | null => process.env["GATEHOUSE_LANE_SECRET"] || null;
