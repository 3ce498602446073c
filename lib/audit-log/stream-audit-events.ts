import "server-only";
import { z } from "zod";
import { readsWithin } from "@/lib/audit-log/reads-within";
import {
  cursorAt,
  readStream,
  type StreamedEvent,
  streamEnd,
} from "@/lib/audit-log/streamed-event";
import type { Caller } from "@/lib/shared/caller";
import { decodeCursor } from "@/lib/shared/cursor";

export type AuditStreamResult =
  | { outcome: "read"; events: StreamedEvent[]; nextCursor: string; more: boolean }
  | { outcome: "rejected"; reason: "unknown-cursor" };

const Place = z.strictObject({
  seq: z
    .string()
    .regex(/^\d{1,18}$/)
    .transform(BigInt),
});

/**
 * What comes after a place in the log, oldest first: whoever asks again from the cursor of the last
 * event that they have kept gets each event once, whatever happened to them or to us in between
 * (F113). Without a place it begins with the first event that is kept. A place behind the end is
 * refused: this is another log than the one that told it, such as an older copy of it.
 */
export async function streamAuditEvents(
  caller: Caller,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<AuditStreamResult> {
  const within = await readsWithin(caller);
  const place = after === undefined ? { seq: 0n } : decodeCursor(after, Place);
  if (place === null || place.seq > (await streamEnd())) {
    return { outcome: "rejected", reason: "unknown-cursor" };
  }
  const { events, seq } = await readStream(place.seq, within, limit);
  return {
    outcome: "read",
    events: events.map(({ event }) => event),
    nextCursor: cursorAt(seq),
    more: seq < (await streamEnd()),
  };
}
