import "server-only";
import { purgeEndedSessions } from "@/lib/sessions/session-end-store";

/** Ended sessions stay this long, for the question "what was that?". */
const KEEP_DAYS = 90;

/** Deletes sessions that ended long ago; returns how many. */
export const purgeSessions = (): Promise<number> => purgeEndedSessions(KEEP_DAYS);
