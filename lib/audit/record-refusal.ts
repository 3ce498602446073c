import "server-only";
import { insertAuditEvents } from "@/lib/audit/audit-store";
import { type AuditEventInput, recordStandaloneEvent } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import { networkOf } from "@/lib/platform/http/client-address";
import { idOf } from "@/lib/platform/id";
import type { Limit } from "@/lib/platform/rate-limit/limiter";
import { tally } from "@/lib/platform/rate-limit/tally";
import type { RequestFacts } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";

/** Denials of one user that have an event each. */
const DENIALS: Limit = { name: "denial", pointsMax: 300, windowSeconds: hours(1) };

/** The same of whoever is not known yet, from one network. */
const ANONYMOUS_DENIALS: Limit = {
  name: "anonymous-denial",
  pointsMax: 60,
  windowSeconds: hours(1),
};

type Refused = Extract<AuditEventInput["actor"], { type: "user" | "service" | "anonymous" }>;

export interface Denial extends Pick<AuditEventInput, "target" | "after"> {
  id: string;
  actor: Refused;
  /** Permission and reason: what a flood is folded by, so never a text with many values. */
  reason: string;
}

/**
 * Records that somebody was not allowed something, and returns the id of an event that tells of
 * it. Whoever is refused by the hundred gets one event for each reason and hour from then on, and
 * so does the network of whoever is not known: the log does not fill up, and no id is
 * told that leads nowhere (ATK-75).
 */
export async function recordDenial(
  { id, actor, target, reason, after }: Denial,
  request: RequestFacts,
  tx?: Db,
): Promise<string> {
  const event = { action: "authorization.denied", outcome: "denied", actor, reason } as const;
  const [limit, subject] =
    actor.type === "anonymous" ? [ANONYMOUS_DENIALS, networkOf(request.ip)] : [DENIALS, actor.id];
  const { count, windowEndsAt } = await tally(limit, subject, tx);
  if (count <= limit.pointsMax) {
    await insertAuditEvents([{ ...event, id, target, after }], request, tx);
    return id;
  }
  // The same id for everybody in this window: of parallel ones the first is written.
  const begunAt = new Date(windowEndsAt.getTime() - limit.windowSeconds * 1000);
  const foldedId = idOf(begunAt, `${subject} ${reason}`);
  const furtherUntil = windowEndsAt.toISOString();
  await insertAuditEvents([{ ...event, id: foldedId, after: { furtherUntil } }], request, tx);
  return foldedId;
}

/**
 * Records a refusal of somebody unknown as often as the limit has it for their
 * network, then once more that there are others, then nothing until the window
 * is over (ATK-75).
 */
export async function recordAnonymousRefusal(
  limit: Limit,
  event: Omit<AuditEventInput, "outcome" | "actor" | "after">,
  request: RequestFacts,
): Promise<void> {
  const { count, windowEndsAt } = await tally(limit, networkOf(request.ip));
  if (count > limit.pointsMax + 1) return;
  const after = count > limit.pointsMax ? { furtherUntil: windowEndsAt.toISOString() } : undefined;
  const actor = { type: "anonymous" } as const;
  await recordStandaloneEvent({ ...event, outcome: "failure", actor, after }, request);
}
