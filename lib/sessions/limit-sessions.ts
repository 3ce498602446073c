import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import { listExcessSessions } from "@/lib/sessions/session-store";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Ends the user's oldest sessions until no more than `sessionsMax` are left
 * (F34). The caller holds the user's lock, so that sign-ins at once count each other.
 */
export async function limitSessions(
  userId: string,
  sessionsMax: number,
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  for (const id of await listExcessSessions(userId, sessionsMax, tx)) {
    const actor = { type: "system" } as const;
    await revokeSessions(userId, { only: id }, "limit_reached", actor, request, tx);
  }
}
