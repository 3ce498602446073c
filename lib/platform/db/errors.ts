import "server-only";

/** Walks an error and its causes; Prisma wraps what the driver threw. */
function* chain(error: unknown): Generator<Record<string, unknown>> {
  let current = error;
  for (let depth = 0; depth < 6 && typeof current === "object" && current !== null; depth += 1) {
    yield current as Record<string, unknown>;
    const { cause, meta } = current as {
      cause?: unknown;
      meta?: { driverAdapterError?: unknown };
    };
    current = cause ?? meta?.driverAdapterError;
  }
}

const codesOf = (error: unknown): unknown[] =>
  [...chain(error)].flatMap((link) => [link["code"], link["originalCode"], link["kind"]]);

/** Serialization failure, deadlock, or Prisma's name for them. */
export const isRetryable = (error: unknown): boolean =>
  codesOf(error).some((code) => code === "40001" || code === "40P01" || code === "P2034");

/** A unique index refused the row. */
export const isUniqueViolation = (error: unknown): boolean =>
  codesOf(error).some((code) => code === "23505" || code === "P2002");

/** A row that others refer to cannot go, or one refers to a row that is not there. */
export const isForeignKeyViolation = (error: unknown): boolean =>
  codesOf(error).some((code) => code === "23503" || code === "P2003");

/** A check that has this name refused the row, be it a constraint or a trigger that says so. */
export const isCheckViolation = (error: unknown, constraint: string): boolean =>
  codesOf(error).some((code) => code === "23514") &&
  [...chain(error)].some((link) => JSON.stringify(link["constraint"] ?? "").includes(constraint));

const UNAVAILABLE = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ENOTFOUND",
  "ETIMEDOUT",
  "57P01", // admin shutdown
  "57P02", // crash shutdown
  "57P03", // starting up
  "57014", // statement timeout
  "53300", // too many connections
  "25006", // read-only transaction
  "53100", // disk full
  "P1001",
  "P1002",
  "P1008",
  "P1017",
  "P2024",
  "P2028",
]);

/** The database cannot answer now: callers refuse with 503, never with a guess (INV-5). */
export const isUnavailable = (error: unknown): boolean =>
  codesOf(error).some((code) => typeof code === "string" && UNAVAILABLE.has(code)) ||
  [...chain(error)].some((link) =>
    /timeout exceeded when trying to connect|Query read timeout|Connection terminated|DatabaseNotReachable/.test(
      String(link["message"]),
    ),
  );
