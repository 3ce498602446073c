import "server-only";
import pino from "pino";
import { getConfig } from "@/lib/platform/config";
import { processSingleton } from "@/lib/platform/process-singleton";
import { traceFields } from "@/lib/platform/tracing/spans";

/**
 * The only fields that a log line may carry. Objects from requests never reach
 * the logger whole, so that no cookie, token or password can (ATK-66).
 */
export interface LogFields {
  requestId?: string;
  method?: string;
  route?: string;
  status?: number;
  durationMs?: number;
  userId?: string;
  action?: string;
  outcome?: string;
  job?: string;
  count?: number;
  code?: string;
  clientId?: string;
  /** Names, never values. */
  claims?: string[];
  /** A signed one, which is meant to be kept anywhere. */
  statement?: string;
  error?: unknown;
}

function serialiseError(error: unknown) {
  if (!(error instanceof Error)) return { message: "a value that is no Error was thrown" };
  return { name: error.name, message: error.message, stack: error.stack };
}

const logger = () =>
  processSingleton("log", () =>
    pino({
      level: getConfig().logLevel,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => traceFields() ?? {},
    }),
  );

function write(level: "debug" | "info" | "warn" | "error", message: string, fields: LogFields) {
  const { error, ...rest } = fields;
  logger()[level](error === undefined ? rest : { ...rest, error: serialiseError(error) }, message);
}

export const log = {
  debug: (message: string, fields: LogFields = {}) => write("debug", message, fields),
  info: (message: string, fields: LogFields = {}) => write("info", message, fields),
  warn: (message: string, fields: LogFields = {}) => write("warn", message, fields),
  error: (message: string, fields: LogFields = {}) => write("error", message, fields),
};
