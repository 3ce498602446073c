import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { currentAuditKey, listPublicAuditKeys } from "@/lib/audit-chain/audit-keys";
import { ChainBroken, findSoundEnd } from "@/lib/audit-chain/chain-end";
import { listPruningStatements, lockChain } from "@/lib/audit-chain/chain-store";
import { type SeqRange, withLater, without } from "@/lib/audit-chain/ranges";
import { listOverdue, listReleased, pruneEventRows } from "@/lib/audit-chain/removal-store";
import { sealEvents } from "@/lib/audit-chain/seal-events";
import { type Pruning, readStatement, signStatement } from "@/lib/audit-chain/statement";
import { getConfig } from "@/lib/platform/config";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";

/** Of one transaction. */
const BATCH_SIZE = 1_000;

/**
 * Deletes events that are older than the configuration keeps them (F114), and returns how many. Of
 * each its link stays, so that the chain is whole, and a signed statement says which ones are gone.
 * What is held stays: whatever a user did, or befell them, for as long as somebody has a hold on
 * them. Does nothing while no time is set.
 */
export async function pruneEvents(now = new Date()): Promise<number> {
  const { retentionSeconds } = getConfig().audit;
  if (retentionSeconds === null) return 0;
  const before = new Date(now.getTime() - retentionSeconds * 1000);
  await sealEvents();
  let count = 0;
  for (;;) {
    const batch = await inTransaction((tx) => pruneBatch(before, tx));
    count += batch.deleted;
    if (!batch.full) return count;
  }
}

async function pruneBatch(before: Date, tx: Db): Promise<{ deleted: number; full: boolean }> {
  // A hold waits for us, or we for it.
  await lockChain(tx);
  await findSoundEnd(tx);
  const last = await findLastPruning(tx);
  const seqMax = BigInt(last?.seqMax ?? 0);
  const kept = (last?.kept ?? []).map(
    ([from, to]): SeqRange => ({ from: BigInt(from), to: BigInt(to) }),
  );
  const overdue = await listOverdue(seqMax, before, BATCH_SIZE, tx);
  const released = await listReleased(kept, BATCH_SIZE, tx);
  if (overdue.length + released.length === 0) return { deleted: 0, full: false };
  const held = overdue.filter((link) => link.held).map(({ seq }) => seq);
  const left = withLater(
    without(
      kept,
      released.map(({ seq }) => seq),
    ),
    held,
  );
  const reached = overdue.at(-1)?.seq ?? seqMax;
  const statement = await signStatement(
    {
      type: "audit-pruning",
      iss: getConfig().origin,
      at: new Date().toISOString(),
      before: before.toISOString(),
      seqMax: String(reached),
      kept: left.map(({ from, to }) => [String(from), String(to)]),
    },
    await currentAuditKey(tx),
  );
  const ids = [...released, ...overdue.filter((link) => !link.held)].map(({ eventId }) => eventId);
  const deleted = await pruneEventRows(ids, { seqMax: reached, statement }, tx);
  if (deleted > 0) await record(deleted, before, tx);
  return { deleted, full: overdue.length === BATCH_SIZE || released.length === BATCH_SIZE };
}

async function findLastPruning(tx: Db): Promise<Pruning | null> {
  const text = (await listPruningStatements(tx)).at(-1);
  if (text === undefined) return null;
  const statement = await readStatement(text, await listPublicAuditKeys(tx));
  if (statement?.type === "audit-pruning") return statement;
  throw new ChainBroken("its last statement of pruning was not signed by this program");
}

async function record(count: number, before: Date, tx: Db): Promise<void> {
  const id = newId();
  await recordEvent(
    {
      action: "audit.pruned",
      outcome: "success",
      actor: { type: "system" },
      after: { count, before: before.toISOString() },
    },
    { requestId: id, decisionId: id, ip: null, userAgent: null },
    tx,
  );
}
