import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { holdLiveSession } from "@/lib/sessions/session-store";
import type { Caller } from "@/lib/shared/caller";

/**
 * Whether the caller's session still lives, asked in the transaction that changes
 * how its user signs in. The request was let in before, and may have waited since:
 * whoever was shut out meanwhile must not be the last to change something (INV-2).
 */
export const holdSession = ({ principal }: Caller, tx: Db): Promise<boolean> =>
  holdLiveSession(principal.session.id, principal.userId, tx);
