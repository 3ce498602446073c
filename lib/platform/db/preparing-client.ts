import "server-only";
import pg from "pg";
import { createStatementNames } from "@/lib/platform/db/statement-names";
import { held } from "@/lib/platform/tracing/scope";
import { inStatementSpan } from "@/lib/platform/tracing/statement-span";

type Ask = (this: pg.Client, config: unknown, ...rest: unknown[]) => unknown;

/**
 * pg's client for one pool, of which every connection prepares what is asked often and has no name of
 * its own, whoever asks: Prisma, a transaction of its, or a store.
 */
export function preparingClient(): typeof pg.Client {
  const nameOf = createStatementNames();
  class PreparingClient extends pg.Client {}
  const ask: Ask = function (config, ...rest) {
    const prepared = named(config, rest[0], nameOf);
    const query = pg.Client.prototype.query as Ask;
    if (held.tracing === null) return query.call(this, prepared, ...rest);
    return inStatementSpan(held.tracing, config, rest, (...given) =>
      query.call(this, prepared, ...given),
    );
  };
  PreparingClient.prototype.query = ask as pg.Client["query"];
  return PreparingClient;
}

/** A statement without values goes as it is: it may be several, or one that ends a transaction. */
function named(
  config: unknown,
  values: unknown,
  nameOf: (text: string) => string | undefined,
): unknown {
  if (typeof config === "string") {
    return Array.isArray(values) && values.length > 0
      ? { text: config, name: nameOf(config) }
      : config;
  }
  if (!isUnnamed(config) || config.values.length === 0) return config;
  return { ...config, name: nameOf(config.text) };
}

function isUnnamed(config: unknown): config is { text: string; values: unknown[] } {
  return (
    typeof config === "object" &&
    config !== null &&
    !("submit" in config) &&
    !("name" in config && config.name !== undefined) &&
    "text" in config &&
    typeof config.text === "string" &&
    "values" in config &&
    Array.isArray(config.values)
  );
}
