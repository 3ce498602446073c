import pg from "pg";
import { EXIT_CONFIGURATION, SetupFailure } from "./failure.mjs";

const CONNECT_TIMEOUT_MS = 10_000;
const EXAMPLE = "Example: postgresql://gatehouse:secret@localhost:5432/gatehouse";
const MALFORMED = `is no URL. Special characters in a password must be percent-encoded. ${EXAMPLE}`;

/**
 * Connects, or fails with one message that says what to do.
 * @param {string} url
 * @param {string} [variable] which says the address
 */
export async function connectTo(url, variable = "DATABASE_URL") {
  if (!URL.canParse(url)) {
    throw new SetupFailure(`${variable}: ${MALFORMED}`, { exitCode: EXIT_CONFIGURATION });
  }
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "gatehouse set-up",
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw explainConnection(url, error, variable);
  }
}

/**
 * @param {string} url
 * @param {unknown} error
 * @param {string} [variable]
 */
export function explainConnection(url, error, variable = "DATABASE_URL") {
  const { code = "", message } = /** @type {{ code?: string, message: string }} */ (error);
  const { hostname, port, username, pathname } = new URL(url);
  const place = `${hostname}:${port || "5432"}`;
  const database = decodeURIComponent(pathname.slice(1));
  const user = decodeURIComponent(username);
  const [problem, advice] = reason(code, message, { place, database, user });
  return new SetupFailure(`${variable}: ${problem}\n${advice}`, { cause: error });
}

/**
 * @param {string} code
 * @param {string} message
 * @param {{ place: string, database: string, user: string }} target
 * @returns {[problem: string, advice: string]}
 */
function reason(code, message, { place, database, user }) {
  switch (code) {
    case "ECONNREFUSED":
      return [
        `nothing accepts connections at ${place}.`,
        "Start that PostgreSQL, correct host and port, or unset DATABASE_URL to use the embedded one.",
      ];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return [
        `the host of ${place} is unknown.`,
        "Correct the host name, or unset DATABASE_URL to use the embedded PostgreSQL.",
      ];
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return [
        `${place} does not answer.`,
        "Check the address and the firewall, or unset DATABASE_URL to use the embedded PostgreSQL.",
      ];
    case "28P01":
      return [
        `the password for user "${user}" at ${place} is wrong.`,
        "Correct the password; special characters in it must be percent-encoded.",
      ];
    case "28000":
      return [
        `the server at ${place} refuses user "${user}" (${message}).`,
        "Correct the user, or permit it in the server's pg_hba.conf.",
      ];
    case "3D000":
      return [
        `there is no database "${database}" at ${place}.`,
        `Create it (\`createdb ${database}\`), or correct the name.`,
      ];
    case "53300":
      return [
        `the server at ${place} has no free connection.`,
        "Close some, or raise max_connections.",
      ];
    default:
      if (/timeout/i.test(message)) return reason("ETIMEDOUT", "", { place, database, user });
      return [`cannot connect to ${place}: ${message}`, `Correct it. ${EXAMPLE}`];
  }
}
