import "server-only";
import { currentAuditKey } from "@/lib/audit-chain/audit-keys";
import {
  type CheckpointRow,
  findHead,
  findLastCheckpoint,
  insertCheckpoint,
  lockChain,
} from "@/lib/audit-chain/chain-store";
import { sealEvents } from "@/lib/audit-chain/seal-events";
import { signStatement } from "@/lib/audit-chain/statement";
import { getConfig } from "@/lib/platform/config";
import { inTransaction } from "@/lib/platform/db/transaction";
import { log } from "@/lib/platform/log";

/**
 * Seals what is there and signs how far the chain goes, unless that is signed already; returns the
 * statement. It goes into the log of the program too: wherever that is kept, the chain can be
 * checked against it later, also when the whole database was written anew.
 */
export async function signCheckpoint(): Promise<CheckpointRow | null> {
  await sealEvents();
  const signed = await inTransaction(async (tx) => {
    await lockChain(tx);
    const head = await findHead(tx);
    const last = await findLastCheckpoint(tx);
    if (head === null || head.seq <= (last?.seq ?? 0n)) return null;
    const at = new Date();
    const statement = await signStatement(
      {
        type: "audit-checkpoint",
        iss: getConfig().origin,
        at: at.toISOString(),
        seq: String(head.seq),
        digest: Buffer.from(head.digest).toString("hex"),
      },
      await currentAuditKey(tx),
    );
    await insertCheckpoint(head.seq, statement, tx);
    return { seq: head.seq, at, statement };
  });
  if (signed) log.info("audit checkpoint", { statement: signed.statement });
  return signed;
}

/** {@link signCheckpoint} as a job. */
export const signDueCheckpoint = async (): Promise<number> =>
  (await signCheckpoint()) === null ? 0 : 1;
