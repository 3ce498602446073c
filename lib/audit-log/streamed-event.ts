import "server-only";
import type { AuditOutcome } from "@/generated/prisma/client";
import {
  findStreamEnd,
  findStreamRow,
  listStreamRows,
  type StreamedRow,
} from "@/lib/audit-log/audit-stream-store";
import type { Db } from "@/lib/platform/db/client";
import { encodeCursor } from "@/lib/shared/cursor";

/** An event for other programs, as it is on record: names change, and so are not in it. */
export interface StreamedEvent {
  /** Where the stream goes on after this very event. */
  cursor: string;
  id: string;
  /** An instant in ISO 8601. */
  at: string;
  action: string;
  outcome: AuditOutcome;
  actor: { type: string; id: string | null };
  organizationId: string | null;
  clientId: string | null;
  /** As whom the actor acted, where it was not as themselves. */
  subjectId: string | null;
  target: { type: string; id: string | null } | null;
  reason: string | null;
  ip: string | null;
  userAgent: string | null;
  requestId: string;
  before: unknown;
  after: unknown;
}

export const cursorAt = (seq: bigint): string => encodeCursor({ seq: String(seq) });

function streamed(seq: bigint, row: StreamedRow): StreamedEvent {
  const { actorType, actorId, targetType, targetId, at, before, after, ...rest } = row;
  return {
    cursor: cursorAt(seq),
    ...rest,
    at: at.toISOString(),
    actor: { type: actorType, id: actorId },
    target: targetType === null ? null : { type: targetType, id: targetId },
    before,
    after,
  };
}

export interface StreamPage {
  events: { seq: bigint; event: StreamedEvent }[];
  /** Everything up to here was looked at; equal to where it began when there is no more. */
  seq: bigint;
}

/** Looked at for one page, whoever's they are: a page of an organization costs no more than any other. */
const LINKS_MAX = 1_000;

/**
 * The next events after a place in the chain, in its order, which is the one that never changes: an
 * event gets its place after its commit, and none gets one before it any more (F113). Null is for
 * the events of everybody. A page can be short, or empty, and not be the last.
 */
export async function readStream(
  after: bigint,
  organizationId: string | null,
  countMax: number,
  tx?: Db,
): Promise<StreamPage> {
  const linksMax = organizationId === null ? Math.min(countMax, LINKS_MAX) : LINKS_MAX;
  const events: StreamPage["events"] = [];
  let seq = after;
  for (const row of await listStreamRows(after, organizationId, linksMax, tx)) {
    if (row.event !== null) events.push({ seq: row.seq, event: streamed(row.seq, row.event) });
    seq = row.seq;
    if (events.length >= countMax) break;
  }
  return { events, seq };
}

/** The place behind everything that there is now. */
export const streamEnd = (tx?: Db): Promise<bigint> => findStreamEnd(tx);

/** One event of the stream; null when it is not kept any more. */
export async function findStreamed(seq: bigint, id: string): Promise<StreamedEvent | null> {
  const row = await findStreamRow(id);
  return row && streamed(seq, row);
}
