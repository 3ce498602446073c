import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { addAuditKey } from "@/lib/audit-chain/audit-keys";
import { lockChain } from "@/lib/audit-chain/chain-store";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { RequestFacts } from "@/lib/shared/caller";

/** Lets a new key seal and sign from now on; what the former ones did is still checked by them. */
export const rotateAuditKey = (request: RequestFacts): Promise<string> =>
  inTransaction(async (tx) => {
    await lockChain(tx);
    const { id } = await addAuditKey(tx);
    await recordEvent(
      {
        action: "audit.key_rotated",
        outcome: "success",
        actor: { type: "system" },
        target: { type: "audit_key", id },
      },
      request,
      tx,
    );
    return id;
  });
