import "server-only";
import { insertAuditEvents } from "@/lib/audit/audit-store";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue };

export interface AuditEventInput {
  /** `object.verb`, in the past tense: `session.created`, `user.role_assigned`. */
  action: string;
  outcome: "success" | "failure" | "denied";
  /** Who did it; "system" for jobs and the command line, "anonymous" before sign-in. */
  actor:
    | {
        type: "user";
        id: string;
        sessionId?: string | null;
        /** The app that did it for them. */
        clientId?: string | null;
        /** In which they acted; its administrators read of it. */
        organizationId?: string;
        /** As whom they acted, where it was not as themselves (F101). */
        subjectId?: string;
      }
    /** A client that acts for itself. */
    | { type: "service"; id: string; organizationId?: string }
    | { type: "anonymous" }
    | { type: "system" };
  target?: { type: string; id: string } | undefined;
  reason?: string | undefined;
  /** Never a secret, not even a hashed one. */
  before?: JsonValue | undefined;
  after?: JsonValue | undefined;
  /** Given only where the event's id was shown before, as with a decision. */
  id?: string;
}

/** Who acts, as the audit log has them: of an impersonated session whoever acts in it, as its user. */
export const actorOfPrincipal = ({
  means,
  userId,
  clientId,
  organizationId,
  session,
  act,
}: Principal): Extract<AuditEventInput["actor"], { type: "user" | "service" }> =>
  means === "service"
    ? { type: "service", id: userId, organizationId }
    : {
        type: "user",
        id: act?.userId ?? userId,
        sessionId: session.id,
        clientId,
        organizationId,
        ...(act && { subjectId: userId }),
      };

/**
 * An event exists exactly when the change does: pass the transaction of the
 * change as `tx` (INV-4). Returns the event's id.
 */
export async function recordEvent(
  event: AuditEventInput,
  request: RequestFacts,
  tx: Db,
): Promise<string> {
  const id = event.id ?? newId();
  await insertAuditEvents([{ ...event, id }], request, tx);
  return id;
}

/** {@link recordEvent} for many at once, in one statement. */
export async function recordEvents(
  events: AuditEventInput[],
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map((event) => ({ ...event, id: event.id ?? newId() }));
  await insertAuditEvents(rows, request, tx);
}

/** {@link recordEvent} for what somebody has done who asked for it themselves. */
export const recordChange = (
  caller: Caller,
  change: Pick<AuditEventInput, "action" | "target" | "before" | "after">,
  tx: Db,
): Promise<string> =>
  recordEvent(
    { ...change, outcome: "success", actor: actorOfPrincipal(caller.principal) },
    caller.request,
    tx,
  );

/** Records what changed nothing, such as a refusal: there is no transaction to join. */
export async function recordStandaloneEvent(
  event: AuditEventInput,
  request: RequestFacts,
): Promise<string> {
  const id = event.id ?? newId();
  await insertAuditEvents([{ ...event, id }], request);
  return id;
}
