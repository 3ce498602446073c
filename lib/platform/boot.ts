import "server-only";
import "#node-only";
import { getConfig } from "@/lib/platform/config";
import { assertDatabaseIsDurable } from "@/lib/platform/db/durability";
import { assertTenantWall } from "@/lib/platform/db/tenant-wall";
import { processSingleton } from "@/lib/platform/process-singleton";
import { openRequestCounts } from "@/lib/platform/rate-limit/request-counts";
import { startTracing } from "@/lib/platform/tracing/start-tracing";

/**
 * Refuses to serve with a configuration or a database that cannot keep what it
 * acknowledges, or keep organizations apart (DEC-6, F81). Runs once in a process, whichever mount asks first.
 */
export const boot = (): Promise<void> =>
  processSingleton("boot", async (): Promise<void> => {
    const config = getConfig();
    // Auth.js builds its redirect URIs from this variable; without it, from Host (ATK-36).
    process.env["AUTH_URL"] = config.origin;
    await openRequestCounts();
    await startTracing();
    if (!config.production) return;
    await assertDatabaseIsDurable();
    await assertTenantWall();
  });
