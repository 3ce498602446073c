import "server-only";
import { statSync } from "node:fs";
import path from "node:path";
import type { Config } from "@/lib/platform/config";
import { isPooledUnsaid } from "@/lib/platform/database-address";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";

/** What is found in the configuration alone, without asking anybody. */
export interface ConfigurationCheck {
  name: string;
  /** Null when all is well; otherwise what to do. */
  problemOf(config: Config): string | null;
}

const HOSTS_OF_EVERYBODY = new Set(["0.0.0.0", "::", "[::]"]);
/** A secret that holds so few different letters was typed, not drawn. */
const DISTINCT_LETTERS_MIN = 12;
const TOKEN_LENGTH_MIN = 16;
const ENV_FILE = ".env.local";

const isListeningToOthers = ({ host }: Config): boolean =>
  host !== null && (HOSTS_OF_EVERYBODY.has(host) || !LOOPBACK_HOSTS.has(host));

const looksTyped = (secret: string): boolean =>
  new Set(secret).size < DISTINCT_LETTERS_MIN || /example|change.?me|password/i.test(secret);

/** Of `name@host` and of `Somebody <name@host>`; empty where there is none. */
const mailHostOf = (from: string): string => {
  const at = from.lastIndexOf("@");
  return at === -1
    ? ""
    : from
        .slice(at + 1)
        .trimEnd()
        .replace(/>$/, "")
        .toLowerCase();
};

/** The settings that are wrong most often, each in words that say what to do. */
export const CONFIGURATION_CHECKS: ConfigurationCheck[] = [
  {
    name: "proxy",
    problemOf: ({ secureCookies, loopback, trustedProxies }) =>
      secureCookies && !loopback && trustedProxies === 0
        ? "APP_URL is https, which a proxy in front ends, and TRUST_PROXY is 0: everybody has the proxy's address, and shares its limits. Set TRUST_PROXY to the number of proxies."
        : null,
  },
  {
    name: "trusted proxies",
    problemOf: (config) =>
      config.trustedProxies > 0 && config.loopback && isListeningToOthers(config)
        ? "TRUST_PROXY counts proxies while others reach the program itself: whoever does chooses their own address. Listen where only the proxy is, by HOST."
        : null,
  },
  {
    name: "listening",
    problemOf: (config) =>
      config.loopback && isListeningToOthers(config)
        ? "APP_URL is on this machine while HOST lets others in: they could read every mail at /dev/mail. Set APP_URL to the address that people open, or remove HOST."
        : null,
  },
  {
    name: "production",
    problemOf: ({ production, loopback }) =>
      !production && !loopback
        ? "NODE_ENV is not production at an address that others open: a database that loses changes would be served. Remove NODE_ENV."
        : null,
  },
  {
    name: "secrets",
    problemOf: ({ authSecrets, dataEncryptionKeys }) => {
      if (authSecrets.some((secret) => dataEncryptionKeys.includes(secret))) {
        return "AUTH_SECRET and DATA_ENCRYPTION_KEYS have a value in common: whoever learns one has both. Make one of them new, as docs/runbook.md says under Rotate secrets.";
      }
      const named = [
        ["AUTH_SECRET", authSecrets] as const,
        ["DATA_ENCRYPTION_KEYS", dataEncryptionKeys] as const,
      ].find(([, secrets]) => looksTyped(secrets[0] ?? ""));
      return named === undefined
        ? null
        : `${named[0]} looks typed, or copied from an example. Replace it by the output of \`openssl rand -base64 33\`.`;
    },
  },
  {
    name: "file of secrets",
    problemOf: () => {
      // Node's own file of configuration, read by `npm start` alone.
      const mode = statSync(path.resolve(ENV_FILE), { throwIfNoEntry: false })?.mode ?? 0;
      return (mode & 0o077) === 0
        ? null
        : `Others on this machine may read ${ENV_FILE}, and with it every secret. Run \`chmod 600 ${ENV_FILE}\`.`;
    },
  },
  {
    name: "lifetimes",
    problemOf: ({ session }) =>
      session.idleLifetimeSeconds > session.absoluteLifetimeSeconds
        ? "SESSION_IDLE_LIFETIME is longer than SESSION_ABSOLUTE_LIFETIME, and means nothing. Make it shorter."
        : null,
  },
  {
    name: "sender of mails",
    problemOf: ({ mail, loopback }) => {
      const host = mailHostOf(mail.from);
      if (mail.smtpUrl === null || loopback) return null;
      return host === "" || LOOPBACK_HOSTS.has(host) || host.endsWith(".local")
        ? "MAIL_FROM has no address that a mail server takes: most mails would be refused or taken for spam. Set it to an address of your domain."
        : null;
    },
  },
  {
    name: "mail encryption",
    problemOf: ({ mail }) => {
      if (mail.smtpUrl === null) return null;
      const { protocol, hostname, password, port } = new URL(mail.smtpUrl);
      return protocol === "smtp:" &&
        password !== "" &&
        port === "25" &&
        !LOOPBACK_HOSTS.has(hostname)
        ? "SMTP_URL sends its password to port 25, where encryption is left to chance. Use smtps:// and port 465, or port 587."
        : null;
    },
  },
  {
    name: "tokens of machines",
    problemOf: ({ metricsToken, cronSecret }) => {
      const short = [
        ["METRICS_TOKEN", metricsToken] as const,
        ["CRON_SECRET", cronSecret] as const,
      ].filter(([, value]) => value !== null && value.length < TOKEN_LENGTH_MIN);
      return short.length === 0
        ? null
        : `${short.map(([name]) => name).join(" and ")} can be guessed: take at least ${TOKEN_LENGTH_MIN} characters, such as the output of \`openssl rand -base64 24\`.`;
    },
  },
  {
    name: "pooler",
    problemOf: ({ database: { replica, ...database } }) => {
      const unsaid = [
        ["DATABASE_URL", database] as const,
        ["DATABASE_REPLICA_URL", replica] as const,
      ].filter(([, address]) => address !== null && isPooledUnsaid(address));
      return unsaid.length === 0
        ? null
        : `${unsaid.map(([name]) => name).join(" and ")} has the address of a pooler in transaction mode and does not say so: connections are refused, or statements meet those of others. Add ?pgbouncer=true.`;
    },
  },
  {
    name: "collector of the log",
    problemOf: ({ audit }) =>
      audit.syslog !== null && !audit.syslog.tls && !LOOPBACK_HOSTS.has(audit.syslog.host)
        ? "AUDIT_SYSLOG_URL sends every event over the network unencrypted. Use syslog+tls://."
        : null,
  },
];
