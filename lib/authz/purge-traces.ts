import "server-only";
import { purgeTraceRows } from "@/lib/authz/trace-store";

/** The audit event stays; why it came out so is told for this long. */
const TRACES_KEPT_DAYS = 90;

export const purgeTraces = (): Promise<number> => purgeTraceRows(TRACES_KEPT_DAYS);
