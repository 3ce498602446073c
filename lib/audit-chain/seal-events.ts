import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { currentAuditKey } from "@/lib/audit-chain/audit-keys";
import { type ChainEnd, findRemainingEnd, findSoundEnd } from "@/lib/audit-chain/chain-end";
import {
  appendLinks,
  listUnsealedEvents,
  lockChain,
  tryLockChain,
} from "@/lib/audit-chain/chain-store";
import { type Link, linkOf, macOfHead } from "@/lib/audit-chain/link";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

/** Of one transaction: short enough to be done within a second. */
const BATCH_SIZE = 500;

/**
 * Puts every committed event into the chain (F112), and returns how many. An event is sealed after
 * its commit and not in it: writers of events never wait for each other, and what was rolled back
 * has no place in the chain. Of instances that try at once, one seals and the others find it done.
 * Throws `ChainBroken` where the end is not as it was left.
 */
export async function sealEvents(): Promise<number> {
  let count = 0;
  for (;;) {
    const sealed = await inTransaction(async (tx) =>
      (await tryLockChain(tx)) ? sealBatch(tx, findSoundEnd) : null,
    );
    count += sealed ?? 0;
    if (sealed === null || sealed < BATCH_SIZE) return count;
  }
}

/** {@link sealEvents} for whoever must know that all is sealed that was committed before. */
export async function sealEverything(): Promise<void> {
  for (;;) {
    const sealed = await inTransaction(async (tx) => {
      await lockChain(tx);
      return sealBatch(tx, findSoundEnd);
    });
    if (sealed < BATCH_SIZE) return;
  }
}

/**
 * Seals on after whatever became of the end of the chain. For whoever owns the machine, when they
 * have kept a copy of what there is: that it was done is an event of its own, and what is missing
 * stays missing to every check. Returns after which place it went on.
 */
export async function continueChain(reason: string, request: RequestFacts): Promise<bigint> {
  return inTransaction(async (tx) => {
    await lockChain(tx);
    const end = await findRemainingEnd(tx);
    await recordEvent(
      {
        action: "audit.chain_continued",
        outcome: "success",
        actor: { type: "system" },
        reason,
        after: { seq: String(end.seq) },
      },
      request,
      tx,
    );
    await sealBatch(tx, async () => end);
    return end.seq;
  });
}

async function sealBatch(tx: Db, findEnd: (tx: Db) => Promise<ChainEnd>): Promise<number> {
  const events = await listUnsealedEvents(BATCH_SIZE, tx);
  if (events.length === 0) return 0;
  let end = await findEnd(tx);
  const key = await currentAuditKey(tx);
  const links: Link[] = [];
  for (const event of events) {
    const link = linkOf(event, end, key);
    links.push(link);
    end = link;
  }
  const { seq, digest } = end;
  await appendLinks(
    links,
    { seq, digest, mac: macOfHead(key.mac, seq, digest), keyId: key.id },
    tx,
  );
  return links.length;
}
