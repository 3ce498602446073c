import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { revokeSessions } from "@/lib/sessions/revoke-sessions";
import { listExcessSessions } from "@/lib/sessions/session-end-store";
import type { RequestFacts } from "@/lib/shared/caller";

/**
 * Ends the user's oldest sessions in the organization until no more than `sessionsMax` are left there
 * (F34): its rule is none for another one's. The caller holds the user's lock, so that sign-ins at once count each other.
 */
export async function limitSessions(
  userId: string,
  { organizationId, sessionsMax }: { organizationId: string; sessionsMax: number },
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  for (const id of await listExcessSessions(userId, organizationId, sessionsMax, tx)) {
    const actor = { type: "system" } as const;
    await revokeSessions(userId, { only: id }, "limit_reached", actor, request, tx);
  }
}
