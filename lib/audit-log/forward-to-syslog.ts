import "server-only";
import { findSinkSeq, holdSink, moveSink, releaseSink } from "@/lib/audit-log/audit-sink-store";
import { readStream, type StreamedEvent, streamEnd } from "@/lib/audit-log/streamed-event";
import { getConfig } from "@/lib/platform/config";
import { newId } from "@/lib/platform/id";
import { log } from "@/lib/platform/log";
import { sendSyslog } from "@/lib/platform/syslog/send-syslog";
import { syslogFrame } from "@/lib/platform/syslog/syslog-message";
import { minutes, seconds } from "@/lib/shared/duration";

const SINK = "syslog";
const BATCH_SIZE = 500;
/** Of one run, so that what is to be stopped stops. */
const RUN_MS = seconds(10) * 1_000;
/** Longer than a batch can take. */
const LEASE_SECONDS = minutes(1);

/** How long to wait after so many failures in a row: 5 seconds, doubling to ten minutes. */
const retryAfterSeconds = (failures: number): number =>
  Math.min(minutes(10), seconds(5) * 2 ** Math.min(failures, 10));

type Send = typeof sendSyslog;

/**
 * Sends the log on to the collector that AUDIT_SYSLOG_URL names, from its first event on and in its
 * order, and returns how many events went (F113). One process at a time does it. How far it went is
 * kept after the collector has read it: a crash in between sends a batch again, and each event bears
 * its id and place, by which a collector tells. While the collector is down, nothing but this job
 * waits, and the log itself is the backlog (FLT-31).
 */
export async function forwardToSyslog(send: Send = sendSyslog): Promise<number> {
  const target = getConfig().audit.syslog;
  if (target === null || (await streamEnd()) <= ((await findSinkSeq(SINK)) ?? 0n)) return 0;
  const holder = newId();
  const held = await holdSink(SINK, holder, LEASE_SECONDS);
  if (held === null) return 0;
  const until = performance.now() + RUN_MS;
  let { seq } = held;
  let count = 0;
  try {
    while (performance.now() < until) {
      const page = await readStream(seq, null, BATCH_SIZE);
      if (page.seq === seq) break;
      if (page.events.length > 0) await send(target, page.events.map(frameOf));
      if (!(await moveSink(SINK, holder, page.seq, LEASE_SECONDS))) return count;
      ({ seq } = page);
      count += page.events.length;
    }
  } catch (error) {
    // Whoever reads on makes good what is missing now.
    log.warn("the collector of the audit log did not take it", { error, count: held.failures + 1 });
    await releaseSink(SINK, holder, retryAfterSeconds(count > 0 ? 0 : held.failures));
    return count;
  }
  await releaseSink(SINK, holder, null);
  return count;
}

const frameOf = ({ seq, event }: { seq: bigint; event: StreamedEvent }): Buffer =>
  syslogFrame({
    severity: event.outcome === "success" ? "informational" : "warning",
    at: new Date(event.at),
    hostname: getConfig().appUrl.hostname,
    messageId: event.action,
    data: { id: event.id, seq: String(seq) },
    text: JSON.stringify(event),
  });
