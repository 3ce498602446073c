import "server-only";
import type { PlacedFinding } from "@/lib/audit-chain/finding";
import type { ChainedEvent } from "@/lib/audit-chain/link";

/** The action of the event that erasing leaves behind. */
export const ERASURE_ACTION = "audit.personal_data_erased";

interface Claimed {
  /** The first event that says so. */
  seq: bigint;
  eventId: string;
  /** Who all of the events are about; one of them has to be the one who was erased. */
  parties: Set<string>;
}

const partiesOf = ({ actorId, targetId }: ChainedEvent): Set<string> =>
  new Set([actorId, targetId].filter((id) => id !== null));

/** Holds what says that it was erased against the records of erasing, both met in any order. */
export class Erasures {
  /** Events without personal data. */
  count = 0;
  private readonly records = new Map<string, string | null>();
  private readonly claims = new Map<string, Claimed>();
  private readonly unfounded: PlacedFinding[] = [];

  /** Of those that name no record the first `unfoundedMax` are kept. */
  constructor(private readonly unfoundedMax: number) {}

  see(seq: bigint, event: ChainedEvent): void {
    if (event.action === ERASURE_ACTION) this.records.set(event.id, event.targetId);
    if (event.originSalt !== null && event.detailSalt !== null) return;
    this.count += 1;
    if (event.erasedBy === null) {
      if (this.unfounded.length < this.unfoundedMax) {
        this.unfounded.push(this.finding(seq, event.id));
      }
      return;
    }
    const claim = this.claims.get(event.erasedBy);
    const parties = partiesOf(event);
    if (claim) claim.parties = new Set([...claim.parties].filter((id) => parties.has(id)));
    else this.claims.set(event.erasedBy, { seq, eventId: event.id, parties });
  }

  findings(): PlacedFinding[] {
    const claimed = [...this.claims].flatMap(([erasedBy, { seq, eventId, parties }]) => {
      const erased = this.records.get(erasedBy) ?? null;
      return erased !== null && parties.has(erased) ? [] : [this.finding(seq, eventId)];
    });
    return [...this.unfounded, ...claimed];
  }

  private finding(seq: bigint, eventId: string): PlacedFinding {
    const text = "Personal data are gone from the event, and no record says that they were erased.";
    return { seq, eventId, kind: "erased-without-record", text };
  }
}
