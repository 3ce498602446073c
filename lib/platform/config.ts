import "server-only";
import { z } from "zod";
import { parseDurationSeconds } from "@/lib/shared/duration";
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

const LOOPBACK_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

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

const optionalText = z
  .string()
  .trim()
  .optional()
  .transform((text) => (text === "" ? undefined : text));

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
      /^postgres(ql)?:\/\//,
      example("must be a PostgreSQL URL", "postgresql://gatehouse:secret@localhost:5432/gatehouse"),
    ),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10),
  DATA_DIR: z.string().default(".data"),
  REDIS_URL: optionalText,
  AUTH_SECRET: commaList(32, "the output of `openssl rand -base64 33`"),
  DATA_ENCRYPTION_KEYS: commaList(32, "the output of `openssl rand -base64 33`"),
  AUTH_GOOGLE_ID: optionalText,
  AUTH_GOOGLE_SECRET: optionalText,
  AUTH_GOOGLE_ISSUER: z.url().default(GOOGLE_ISSUER),
  AUTH_GITHUB_ID: optionalText,
  AUTH_GITHUB_SECRET: optionalText,
  AUTH_GITHUB_BASE_URL: z.url().default(GITHUB_BASE_URL),
  SMTP_URL: optionalText.refine(
    (text) => text === undefined || /^smtps?:\/\//.test(text),
    example("must be an SMTP URL", "smtps://user:secret@smtp.example.com"),
  ),
  MAIL_FROM: z.string().default("Gatehouse <no-reply@localhost>"),
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
  ACCESS_TOKEN_LIFETIME: duration("10m", "5m", "15m"),
  REFRESH_TOKEN_LIFETIME: duration("14d", "7d", "30d"),
  SESSION_IDLE_LIFETIME: duration("7d", "1m", "30d"),
  SESSION_ABSOLUTE_LIFETIME: duration("30d", "5m", "90d"),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
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
  const problems: string[] = [];
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
  return problems;
}

/**
 * Parses an environment into the configuration, or throws one
 * {@link ConfigurationError} that names every variable, its problem and an example.
 */
export function parseConfig(environment: Record<string, string | undefined>) {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ""),
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
    database: { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE },
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
    mail: { smtpUrl: env.SMTP_URL ?? null, from: env.MAIL_FROM },
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
    logLevel: env.LOG_LEVEL,
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
