import "server-only";
import { loadAuditKeys } from "@/lib/audit-chain/audit-keys";
import {
  findHead,
  findLastCheckpoint,
  findLastLink,
  lockChain,
} from "@/lib/audit-chain/chain-store";
import { GENESIS, macOfHead, sameBytes } from "@/lib/audit-chain/link";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";

export interface ChainEnd {
  seq: bigint;
  digest: Uint8Array;
}

/** The chain does not end where it was left: sealing more would cover up what was done to it. */
export class ChainBroken extends Error {
  constructor(what: string) {
    super(
      `The audit log is not sealed any further: ${what}. Run \`npx gatehouse audit verify\`, keep a copy of the database, and see "The audit log was changed" in docs/runbook.md.`,
    );
    this.name = "ChainBroken";
  }
}

/** Throws {@link ChainBroken} where sealing would stop. */
export const assertChainEnd = (): Promise<ChainEnd> =>
  inTransaction(async (tx) => {
    await lockChain(tx);
    return findSoundEnd(tx);
  });

/** Where the next link goes. Only under the lock of the chain; throws {@link ChainBroken}. */
export async function findSoundEnd(tx: Db): Promise<ChainEnd> {
  const head = await findHead(tx);
  const last = await findLastLink(tx);
  const checkpoint = await findLastCheckpoint(tx);
  if (head === null) {
    if (last !== null || checkpoint !== null)
      throw new ChainBroken("the record of its end is gone");
    return { seq: 0n, digest: GENESIS };
  }
  const key = (await loadAuditKeys(tx)).get(head.keyId);
  if (key === undefined || !sameBytes(head.mac, macOfHead(key.mac, head.seq, head.digest))) {
    throw new ChainBroken("the record of its end was not written by this program");
  }
  if (last === null || last.seq !== head.seq || !sameBytes(last.digest, head.digest)) {
    throw new ChainBroken("its last links are not those that were written");
  }
  if (checkpoint !== null && checkpoint.seq > head.seq) {
    throw new ChainBroken("it ends before a checkpoint that was signed");
  }
  return head;
}

/**
 * Where sealing goes on when the end is not sound: after the last link that there is, and after
 * everything that was ever signed, so that no place in the chain is given twice.
 */
export async function findRemainingEnd(tx: Db): Promise<ChainEnd> {
  const last = await findLastLink(tx);
  const seqs = [last?.seq, (await findLastCheckpoint(tx))?.seq, (await findHead(tx))?.seq];
  const seq = seqs.reduce<bigint>(
    (most, one) => (one !== undefined && one > most ? one : most),
    0n,
  );
  return { seq, digest: last?.digest ?? GENESIS };
}
