import "server-only";
import { type ChainStatus, describeChain } from "@/lib/audit-chain/chain-status";
import { readsWithin } from "@/lib/audit-log/reads-within";
import type { Caller } from "@/lib/shared/caller";

/** How the log is sealed; null for whoever reads of one organization, for there is one chain for all. */
export const describeSealing = async (caller: Caller): Promise<ChainStatus | null> =>
  (await readsWithin(caller)) === null ? describeChain() : null;
