import "server-only";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { impersonatedMail } from "@/lib/impersonation/mails";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import {
  claimImpersonation,
  findImpersonation,
  listOverImpersonations,
  type PastImpersonation,
} from "@/lib/sessions/impersonated-sessions";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

interface End {
  /** What the row and the event say, unless it had ended by something else before. */
  reason: "stopped" | "replaced" | "time_over" | "not_allowed_any_more" | "impersonator_left";
  /** Who ended it; the program itself, where it is a request alone. */
  by: Caller | { request: RequestFacts; impersonator: true } | { request: RequestFacts };
}

/**
 * Ends a session in which somebody acts as a user, puts that on record and tells the user by mail:
 * once, however many notice that it is over. False when that was done before.
 */
export async function endImpersonation(id: string, { reason, by }: End, tx: Db): Promise<boolean> {
  const ended = await claimImpersonation(id, reason, tx);
  if (ended === null) return false;
  const { organizationId, impersonatorId } = ended;
  const actor =
    "principal" in by
      ? actorOfPrincipal(by.principal)
      : "impersonator" in by
        ? ({ type: "user", id: impersonatorId, sessionId: id, organizationId } as const)
        : ({ type: "system" } as const);
  await recordEvent(
    {
      action: "user.impersonation_ended",
      outcome: "success",
      actor,
      target: { type: "user", id: ended.userId },
      reason: ended.endReason,
      before: { sessionId: id, impersonatorId, startedAt: ended.startedAt.toISOString() },
      after: { endedAt: ended.endedAt.toISOString() },
    },
    by.request,
    tx,
  );
  await enqueueMail("impersonated", ended.email, impersonatedMail(ended), tx);
  return true;
}

/** Ends what a browser's session cookie opens, where somebody acts as a user in it; null for any other. */
export async function stopImpersonation(
  sessionSecret: string | undefined,
  request: RequestFacts,
): Promise<PastImpersonation | null> {
  const found = await findImpersonation(sessionSecret);
  if (found === null) return null;
  const end: End = { reason: "stopped", by: { request, impersonator: true } };
  await inTransaction((tx) => endImpersonation(found.id, end, tx));
  return found;
}

const BATCH_SIZE = 100;

/** Tells of those that are over without anybody having stopped them; returns how many. */
export async function endOverImpersonations(): Promise<number> {
  const request = { requestId: newId(), decisionId: newId(), ip: null, userAgent: null };
  let count = 0;
  for (const id of await listOverImpersonations(BATCH_SIZE)) {
    const ended = await inTransaction((tx) =>
      endImpersonation(id, { reason: "time_over", by: { request } }, tx),
    );
    if (ended) count += 1;
  }
  return count;
}
