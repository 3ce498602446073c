import "server-only";
import { type AuditEventInput, actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

/**
 * By what right users and roles are changed: somebody's permissions, or the
 * command line of the machine, whose operator owns the database anyway.
 */
export type Authority =
  | { kind: "caller"; caller: Caller }
  | { kind: "operator"; request: RequestFacts };

/** The command line alone: what takes this asks nobody whether they may. */
export type Operator = Extract<Authority, { kind: "operator" }>;

export const asCaller = (caller: Caller): Authority => ({ kind: "caller", caller });

export const actorOf = (authority: Authority): AuditEventInput["actor"] =>
  authority.kind === "operator" ? { type: "system" } : actorOfPrincipal(authority.caller.principal);

export const requestOf = (authority: Authority): RequestFacts =>
  authority.kind === "operator" ? authority.request : authority.caller.request;

/** Records what was done by this right, in the transaction that does it (INV-4). */
export const recordBy = (
  authority: Authority,
  change: Pick<AuditEventInput, "action" | "target" | "before" | "after">,
  tx: Db,
): Promise<string> =>
  recordEvent(
    { ...change, outcome: "success", actor: actorOf(authority) },
    requestOf(authority),
    tx,
  );
