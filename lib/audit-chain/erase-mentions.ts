import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { lockChain } from "@/lib/audit-chain/chain-store";
import { ERASURE_ACTION } from "@/lib/audit-chain/erasures";
import { eraseDetails, listMentions, type Mention } from "@/lib/audit-chain/removal-store";
import { sealEverything } from "@/lib/audit-chain/seal-events";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";

/** Whom or what an event is about; null where a check could not tell. */
const partyOf = ({ targetType, targetId, actorId }: Mention) => {
  if (targetType !== null && targetId !== null) return { type: targetType, id: targetId };
  return actorId === null ? null : { type: "user", id: actorId };
};

/**
 * Takes the details out of every event in which one of these texts stands, whatever it is about,
 * such as an invitation to the address of somebody who is gone. Each thing it is about gets a
 * record of its own, by which a check of the chain knows that it was erased (F109, F112). What
 * somebody has a hold on stays.
 */
export async function eraseMentions(
  texts: string[],
  reason: string,
  request: RequestFacts,
): Promise<void> {
  await sealEverything();
  for (let after: string | null = null; ; ) {
    const part = await listMentions(texts, after);
    const byParty = Map.groupBy(part.mentions, (mention) => JSON.stringify(partyOf(mention)));
    for (const mentions of byParty.values()) {
      const [first] = mentions;
      const target = first === undefined ? null : partyOf(first);
      if (target === null) continue;
      const ids = mentions.map((mention) => mention.id);
      await inTransaction(async (tx) => {
        await lockChain(tx);
        const id = newId();
        const actor = { type: "system" } as const;
        const action = ERASURE_ACTION;
        await recordEvent({ id, action, outcome: "success", actor, target, reason }, request, tx);
        await eraseDetails(ids, id, tx);
      });
    }
    if (part.last === null) return;
    after = part.last;
  }
}
