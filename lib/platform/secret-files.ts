import "server-only";
import "#node-only";
import { readFileSync } from "node:fs";

/** What opens something, and may therefore stand in a file instead of in the environment. */
export const SECRET_VARIABLES = [
  "DATABASE_URL",
  "DATABASE_DIRECT_URL",
  "DATABASE_REPLICA_URL",
  "REDIS_URL",
  "AUTH_SECRET",
  "DATA_ENCRYPTION_KEYS",
  "AUTH_GOOGLE_SECRET",
  "AUTH_GITHUB_SECRET",
  "SMTP_URL",
  "SMS_WEBHOOK_URL",
  "SMS_WEBHOOK_SECRET",
  "GATEHOUSE_ADMIN_PASSWORD",
  "AUDIT_SYSLOG_URL",
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "GATEWAY_TOKEN",
  "METRICS_TOKEN",
  "CRON_SECRET",
] as const;

const SUFFIX = "_FILE";
/** A secret is short; whatever is longer is another file. */
const LENGTH_MAX = 64 * 1024;

type Environment = Record<string, string | undefined>;

/** The variable that names the file of another one. */
export const fileVariable = (name: string): string => `${name}${SUFFIX}`;

/**
 * The value of a variable that may stand in a file: `NAME`, or what `NAME_FILE` names, without the
 * line's end. Undefined where neither is set. A text in `problem` says in words why there is none.
 */
export function readSecret(
  name: string,
  environment: Environment,
): { value: string | undefined; problem?: string } {
  const given = environment[name] || undefined;
  const variable = fileVariable(name);
  const file = environment[variable];
  if (file === undefined || file === "") return { value: given };
  if (given !== undefined) {
    const problem = `  ${name}: is set twice, by itself and by ${variable}. Keep one of them.`;
    return { value: undefined, problem };
  }
  try {
    const value = readFileSync(file, "utf8").replace(/\r?\n$/, "");
    if (value === "") return { value: undefined, problem: `  ${variable}: ${file} is empty.` };
    if (value.length > LENGTH_MAX || value.includes("\n")) {
      const problem = `  ${variable}: ${file} has more than one line. It holds the value of ${name} and nothing else.`;
      return { value: undefined, problem };
    }
    return { value };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const problem = `  ${variable}: ${file} cannot be read (${code}). Is it there, and may the program's user read it?`;
    return { value: undefined, problem };
  }
}

/** The environment with the values of all files in it, and what is wrong with any of them. */
export function withSecretFiles(environment: Environment): {
  environment: Environment;
  problems: string[];
} {
  const filled = { ...environment };
  const problems: string[] = [];
  for (const name of SECRET_VARIABLES) {
    const { value, problem } = readSecret(name, environment);
    if (problem !== undefined) problems.push(problem);
    filled[name] = value;
  }
  return { environment: filled, problems };
}
