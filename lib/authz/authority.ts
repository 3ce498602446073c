import "server-only";
import { type AuditEventInput, actorOfPrincipal } from "@/lib/audit/record-event";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

/**
 * By what right users and roles are changed: somebody's permissions, or the
 * command line of the machine, whose operator owns the database anyway.
 */
export type Authority =
  | { kind: "caller"; caller: Caller }
  | { kind: "operator"; request: RequestFacts };

export const asCaller = (caller: Caller): Authority => ({ kind: "caller", caller });

export const actorOf = (authority: Authority): AuditEventInput["actor"] =>
  authority.kind === "operator" ? { type: "system" } : actorOfPrincipal(authority.caller.principal);

export const requestOf = (authority: Authority): RequestFacts =>
  authority.kind === "operator" ? authority.request : authority.caller.request;
