import "server-only";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";

const id = newId();

/** What the audit log records of a command: one id for all that it does. */
export const CLI_REQUEST: RequestFacts = {
  requestId: id,
  decisionId: id,
  ip: null,
  userAgent: "gatehouse CLI",
};
