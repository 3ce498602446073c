import "server-only";
import { createCaslExtension } from "@casl/prisma/runtime";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "@/generated/prisma/client";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

export function createClient(connections: pg.Pool) {
  const adapter = new PrismaPg(connections, { disposeExternalPool: false });
  // Without the extension an ability that allows nothing becomes an empty OR,
  // which Prisma reads as "no condition": every row instead of none (D7).
  return new PrismaClient({ adapter }).$extends(createCaslExtension());
}

declare const ofReplica: unique symbol;

export type Database = ReturnType<typeof createClient>;
type Transaction = Parameters<Parameters<Database["$transaction"]>[0]>[0];
/** What store functions take last: the client itself or a running transaction. */
export type Db = Transaction & { readonly [ofReplica]?: never };
/**
 * A transaction on the read replica, which may lag. It is no {@link Db}: what takes that decides or
 * changes something, and cannot be asked there.
 */
export type ReplicaDb = Transaction & { readonly [ofReplica]: true };
/** What the stores of lists take, that may be read from either. */
export type ListDb = Db | ReplicaDb;

/** The Prisma client of this process. Only stores and tests import it. */
export const prisma = (): Database => processSingleton("prisma", () => createClient(pool()));
