import "server-only";
import {
  bodyDigestOf,
  type ChainedEvent,
  detailDigestOf,
  type Link,
  originDigestOf,
  sameBytes,
} from "@/lib/audit-chain/link";

export interface Alteration {
  kind: "edited";
  text: string;
}

/** What of the event is not as its link has it; null when nothing is. */
export function alterationOf(link: Link, event: ChainedEvent): Alteration | null {
  const edited = (text: string): Alteration => ({ kind: "edited", text });
  const { originSalt, detailSalt } = event;
  if (!sameBytes(link.bodyDigest, bodyDigestOf(event, link.originDigest, link.detailDigest))) {
    return edited("The event is not what was recorded.");
  }
  if (originSalt === null) {
    if (event.ip !== null || event.userAgent !== null)
      return edited("An erased origin was filled in.");
  } else if (!sameBytes(link.originDigest, originDigestOf(event, originSalt))) {
    return edited("Address or browser of the event are not what was recorded.");
  }
  if (detailSalt === null) {
    const filled = event.reason !== null || event.before !== null || event.after !== null;
    return filled ? edited("Erased details were filled in.") : null;
  }
  return sameBytes(link.detailDigest, detailDigestOf(event, detailSalt))
    ? null
    : edited("Reason or values of the event are not what was recorded.");
}
