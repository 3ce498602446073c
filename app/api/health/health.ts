import "server-only";
import { migrationsAreApplied } from "@/lib/platform/db/migrations";
import { pool } from "@/lib/platform/db/pool";
import { findGapsInTenantWall } from "@/lib/platform/db/tenant-wall";
import { isLeaving } from "@/lib/platform/http/leave-taking";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { log } from "@/lib/platform/log";

const passes = async (name: string, check: () => Promise<boolean>): Promise<boolean> => {
  try {
    return await check();
  } catch (error) {
    log.warn("a readiness check failed", { action: name, error });
    return false;
  }
};

/** `live` while the process runs; `ready` when it can decide something, and has not been asked to end (F136). */
export async function answerHealthRequest({ path }: HttpRequest): Promise<Reply> {
  if (path === "/api/health/live") return jsonReply(200, { status: "live" });
  if (path !== "/api/health/ready") return jsonReply(404, { status: "unknown" });
  const database = await passes("database", async () => {
    await pool().query("SELECT 1");
    return true;
  });
  const migrations = database && (await passes("migrations", migrationsAreApplied));
  const tenants =
    migrations &&
    (await passes("tenants", async () => (await findGapsInTenantWall()).length === 0));
  const ready = database && migrations && tenants && !isLeaving();
  return jsonReply(ready ? 200 : 503, {
    status: ready ? "ready" : isLeaving() ? "leaving" : "unavailable",
    checks: { database, migrations, tenants },
  });
}
