import "server-only";
import { z } from "zod";
import { addressOf, addressProblems, POSTGRES_URL } from "@/lib/platform/database-address";
import { webhookKeyOf } from "@/lib/platform/http/webhook-signature";
import { fileVariable, readSecret, withSecretFiles } from "@/lib/platform/secret-files";
import { syslogTargetOf } from "@/lib/platform/syslog/syslog-target";
import { collectorHeadersOf } from "@/lib/platform/tracing/collector-headers";
import { parseDurationSeconds } from "@/lib/shared/duration";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";
import { GITHUB_BASE_URL, GOOGLE_ISSUER } from "@/lib/shared/provider-defaults";

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

const Environment = z.object({
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

function socialProvider(name: string, id?: string, secret?: string) {
  if (id === undefined && secret === undefined) return null;
  if (id !== undefined && secret !== undefined) return { id, secret };
  throw new ConfigurationError([
    `  AUTH_${name}_ID: goes together with AUTH_${name}_SECRET. Set both or neither.`,
  ]);
}

/** Problems that concern more than one variable. */
function crossChecks(env: z.infer<typeof Environment>): string[] {
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

/** What the process above the workers of one port has given each of them; null where there is none. */
export const readLaneSecret = (): string | null => process.env["GATEHOUSE_LANE_SECRET"] || null;

export type VariableName = keyof z.input<typeof Environment>;

/** `start` is what `npm start` has worked out itself; everything else that is set is said by somebody. */
export type ValueSource = "environment" | "env-file" | "secret-file" | "start" | "default";

export interface Variable {
  name: VariableName;
  /** As it was written; null where nothing was. A secret as well: whoever shows it asks first. */
  given: string | null;
  source: ValueSource;
  /** What holds where nothing is given; null where nothing does. */
  fallback: string | null;
  /** The only values that there are. */
  choices: readonly string[] | null;
  minimum: number | null;
  maximum: number | null;
}

/** The variable by which `npm start` says which values it has from .env.local and which it made. */
const SOURCES_VARIABLE = "GATEHOUSE_VALUE_SOURCES";

/** What holds where a variable is missing, in the words in which it would be given. */
function defaultOf(schema: z.core.$ZodType): string | null {
  if (schema instanceof z.ZodPipe) return defaultOf(schema.def.in);
  return schema instanceof z.ZodDefault ? String(schema.def.defaultValue) : null;
}

const Described = z.looseObject({
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

/** Every variable that there is, as the schema says, with where its value comes from. */
export function listVariables(
  environment: Record<string, string | undefined> = process.env,
): Variable[] {
  const { properties = {} } = z.toJSONSchema(Environment, { io: "input" });
  const sources = new Map(
    (environment[SOURCES_VARIABLE] ?? "").split(",").map((entry): [string, string] => {
      const [name = "", source = ""] = entry.split("=");
      return [name, source];
    }),
  );
  return Object.entries(properties).map(([name, schema]) => {
    const described = Described.parse(schema);
    const given = readSecret(name, environment).value ?? null;
    const source = environment[fileVariable(name)] ? "secret-file" : sources.get(name);
    return {
      name: name as VariableName,
      given,
      source:
        given === null
          ? "default"
          : source === "env-file" || source === "start" || source === "secret-file"
            ? source
            : "environment",
      fallback: defaultOf(Environment.shape[name as VariableName]) || null,
      choices: described.enum ?? null,
      minimum: described.minimum ?? null,
      maximum: described.maximum ?? null,
    };
  });
}
