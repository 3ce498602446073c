import "server-only";
import pg from "pg";
import type { DatabaseAddress } from "@/lib/platform/database-address";
import { createStatementNames } from "@/lib/platform/db/statement-names";
import { held } from "@/lib/platform/tracing/scope";
import { inStatementSpan } from "@/lib/platform/tracing/statement-span";

type Ask = (this: pg.Client, config: unknown, ...rest: unknown[]) => unknown;
type Rename = (config: unknown, values: unknown) => unknown;

/**
 * pg's client for one pool, of which every connection prepares what is asked often and has no name of
 * its own, whoever asks: Prisma, a transaction of its, or a store. Behind a pooler in transaction mode
 * nothing is prepared, whatever name a store has given it: the next statement may come to a
 * connection that does not know the name, or knows it for something else.
 */
export function preparingClient({ pooled }: Pick<DatabaseAddress, "pooled">): typeof pg.Client {
  const rename = pooled ? unnamed : namer();
  class PreparingClient extends pg.Client {}
  const ask: Ask = function (config, ...rest) {
    const prepared = rename(config, rest[0]);
    const query = pg.Client.prototype.query as Ask;
    if (held.tracing === null) return query.call(this, prepared, ...rest);
    return inStatementSpan(held.tracing, config, rest, (...given) =>
      query.call(this, prepared, ...given),
    );
  };
  PreparingClient.prototype.query = ask as pg.Client["query"];
  return PreparingClient;
}

const unnamed: Rename = (config) =>
  isStatement(config) && "name" in config ? { ...config, name: undefined } : config;

/** A statement without values goes as it is: it may be several, or one that ends a transaction. */
function namer(): Rename {
  const nameOf = createStatementNames();
  return (config, values) => {
    if (typeof config === "string") {
      return Array.isArray(values) && values.length > 0
        ? { text: config, name: nameOf(config) }
        : config;
    }
    if (!isStatement(config) || !isUnnamed(config) || config.values.length === 0) return config;
    return { ...config, name: nameOf(config.text) };
  };
}

/** A statement, and not something that asks by itself. */
const isStatement = (config: unknown): config is object =>
  typeof config === "object" && config !== null && !("submit" in config);

const isUnnamed = (config: object): config is { text: string; values: unknown[] } =>
  !("name" in config && config.name !== undefined) &&
  "text" in config &&
  typeof config.text === "string" &&
  "values" in config &&
  Array.isArray(config.values);
