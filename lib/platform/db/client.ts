import "server-only";
import { createCaslExtension } from "@casl/prisma/runtime";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";
import { pool } from "@/lib/platform/db/pool";
import { processSingleton } from "@/lib/platform/process-singleton";

function createClient() {
  const adapter = new PrismaPg(pool(), { disposeExternalPool: false });
  // Without the extension an ability that allows nothing becomes an empty OR,
  // which Prisma reads as "no condition": every row instead of none (D7).
  return new PrismaClient({ adapter }).$extends(createCaslExtension());
}

export type Database = ReturnType<typeof createClient>;
/** What store functions take last: the client itself or a running transaction. */
export type Db = Parameters<Parameters<Database["$transaction"]>[0]>[0];

/** The Prisma client of this process. Only stores and tests import it. */
export const prisma = (): Database => processSingleton("prisma", createClient);
