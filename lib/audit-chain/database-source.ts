import "server-only";
import { listPublicAuditKeys, loadAuditKeys } from "@/lib/audit-chain/audit-keys";
import {
  countUnsealed,
  findHead,
  findLostBeforeSealing,
  findStrays,
  type LinkedEvent,
  listCheckpointRows,
  listLinksAfter,
  listPruningStatements,
} from "@/lib/audit-chain/chain-store";
import type { ChainSource } from "@/lib/audit-chain/verify-chain";

const BATCH_SIZE = 1_000;
/** Of each kind: the first ones say enough. */
const STRAYS_MAX = 10;

/** Every link with its event, in batches, so that the log need not fit into memory. */
export async function* walkChain(after = 0n): AsyncGenerator<LinkedEvent> {
  let last = after;
  for (;;) {
    const batch = await listLinksAfter(last, BATCH_SIZE);
    yield* batch;
    last = batch.at(-1)?.link.seq ?? last;
    if (batch.length < BATCH_SIZE) return;
  }
}

/** Every signed statement that there is, oldest first. */
export const listStatements = async (): Promise<string[]> => [
  ...(await listCheckpointRows(0n)).map(({ statement }) => statement),
  ...(await listPruningStatements()),
];

/** The chain as the database has it. `further` are statements that were kept elsewhere. */
export async function databaseSource(further: readonly string[] = []): Promise<ChainSource> {
  const keys = await loadAuditKeys();
  return {
    linked: () => walkChain(),
    head: () => findHead(),
    statements: async () => [...(await listStatements()), ...further],
    publicKeys: await listPublicAuditKeys(),
    macKeys: new Map([...keys].map(([id, { mac }]) => [id, mac])),
    waiting: () => countUnsealed(),
    strays: async () => [
      ...(await findStrays(STRAYS_MAX)).map((eventId) => ({
        eventId,
        text: "The event was written past the chain.",
      })),
      ...(await findLostBeforeSealing(STRAYS_MAX)).map((eventId) => ({
        eventId,
        text: "The event was recorded, and gone before it was sealed.",
      })),
    ],
  };
}
