import "server-only";
import "#node-only";
import type pg from "pg";
import { getConfig } from "@/lib/platform/config";
import { openPool } from "@/lib/platform/db/open-pool";
import { processSingleton } from "@/lib/platform/process-singleton";

/** The one pool of this process, shared by Prisma and by named prepared statements (D5). */
export const pool = (): pg.Pool => processSingleton("pool", () => openPool(getConfig().database));
