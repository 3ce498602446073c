import "server-only";
import { assertChainEnd, ChainBroken } from "@/lib/audit-chain/chain-end";
import { countUnsealed, findHead, findLastCheckpoint } from "@/lib/audit-chain/chain-store";

export interface ChainStatus {
  /** How many events have ever been sealed. */
  sealed: bigint;
  /** Committed ones that are not, which takes a second. */
  waiting: number;
  lastCheckpoint: { at: Date; seq: bigint } | null;
  /** What stopped the sealing; null while it goes on. */
  broken: string | null;
}

/** How the chain stands at its end. That all of it holds, `verifyChain` says. */
export async function describeChain(): Promise<ChainStatus> {
  const [head, waiting, lastCheckpoint, broken] = await Promise.all([
    findHead(),
    countUnsealed(),
    findLastCheckpoint(),
    flawOfEnd(),
  ]);
  return { sealed: head?.seq ?? 0n, waiting, lastCheckpoint, broken };
}

async function flawOfEnd(): Promise<string | null> {
  try {
    await assertChainEnd();
    return null;
  } catch (error) {
    if (error instanceof ChainBroken) return error.message;
    throw error;
  }
}
