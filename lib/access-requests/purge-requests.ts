import "server-only";
import { purgeRows } from "@/lib/access-requests/access-request-store";

/** The audit log keeps what was decided; this is for whoever asks in the months after. */
const KEEP_DAYS = 365;

/** Removes requests of long ago for good; emergencies that nobody has looked at stay. Returns how many. */
export const purgeRequests = (): Promise<number> => purgeRows(KEEP_DAYS);
