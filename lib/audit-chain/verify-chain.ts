import "server-only";
import type { JWK } from "jose";
import { alterationOf } from "@/lib/audit-chain/alteration";
import type { Head, LinkedEvent } from "@/lib/audit-chain/chain-store";
import { Erasures } from "@/lib/audit-chain/erasures";
import type { Finding, PlacedFinding } from "@/lib/audit-chain/finding";
import {
  digestOf,
  GENESIS,
  type Link,
  macOfHead,
  macOfLink,
  sameBytes,
} from "@/lib/audit-chain/link";
import { type Checkpoint, type Pruning, readStatement } from "@/lib/audit-chain/statement";

/** Where a chain is read from: the database, or files that were exported from it. */
export interface ChainSource {
  linked(): AsyncIterable<LinkedEvent>;
  /** Undefined where the source has none, as a file. */
  head(): Promise<Head | null | undefined>;
  /** Signed statements of every kind; they may come from elsewhere than the links. */
  statements(): Promise<string[]>;
  publicKeys: readonly JWK[];
  /** The keys of links by id; null for whoever checks without them. */
  macKeys: ReadonlyMap<string, Uint8Array> | null;
  /** Events that have no link although they are long committed. */
  strays(): Promise<{ eventId: string; text: string }[]>;
  /** How many events are committed and not sealed yet. */
  waiting(): Promise<number>;
}

export interface Verdict {
  /** The first bad row first; no more than {@link FINDINGS_MAX}. */
  findings: Finding[];
  links: number;
  /** Events that are gone because their time was over, as was signed. */
  pruned: number;
  /** Events without their personal data, as is on record. */
  erased: number;
  checkpoints: number;
  /** The last link that a checkpoint was signed for; 0 when there is none. */
  signedUntil: bigint;
  /** Events that are not in the chain yet. */
  waiting: number;
}

const FINDINGS_MAX = 20;

interface Statements {
  checkpoints: Map<bigint, Checkpoint>;
  /** The last one says of everything before what is left. */
  pruning: Pruning | null;
  forged: Finding[];
}

async function readStatements(source: ChainSource): Promise<Statements> {
  const checkpoints = new Map<bigint, Checkpoint>();
  const forged: Finding[] = [];
  let pruning: Pruning | null = null;
  for (const text of await source.statements()) {
    const statement = await readStatement(text, source.publicKeys);
    if (statement === null) {
      const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
      const kind = "not-signed-by-us";
      forged.push({ seq: null, eventId: null, kind, text: `No key of ours signed: ${shown}` });
    } else if (statement.type === "audit-checkpoint") {
      checkpoints.set(BigInt(statement.seq), statement);
    } else if (pruning === null || BigInt(statement.seqMax) >= BigInt(pruning.seqMax)) {
      pruning = statement;
    }
  }
  return { checkpoints, pruning, forged };
}

/** Whether a link's event may be gone. Ranges are in order, and there may be many. */
function wasPruned(seq: bigint, pruning: Pruning | null): boolean {
  if (pruning === null || seq > BigInt(pruning.seqMax)) return false;
  let [low, high] = [0, pruning.kept.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (BigInt(pruning.kept[middle]?.[1] ?? 0) < seq) low = middle + 1;
    else high = middle;
  }
  const range = pruning.kept[low];
  return range === undefined || BigInt(range[0]) > seq;
}

/**
 * Reads a chain from its beginning and names what does not hold (F112, ATK-72): an event that was
 * edited, one that is gone, links in another order, an end that was cut off, statements that no
 * key of ours signed. Works on what it is given alone, without the program. What was done to it
 * before its first checkpoint left the machine, by whoever has the keys too, no check can tell.
 */
export async function verifyChain(source: ChainSource): Promise<Verdict> {
  const { checkpoints, forged, ...stated } = await readStatements(source);
  let { pruning } = stated;
  const checked = new Set<bigint>();
  const erasures = new Erasures(FINDINGS_MAX);
  const met: PlacedFinding[] = [];
  let links = 0;
  let pruned = 0;
  let end: { seq: bigint; digest: Uint8Array } = { seq: 0n, digest: GENESIS };
  for await (const { link, event } of source.linked()) {
    links += 1;
    const { seq, eventId } = link;
    if (checkpoints.has(seq)) checked.add(seq);
    if (event !== null) {
      erasures.see(seq, event);
    } else if (!wasPruned(seq, pruning) && met.length < FINDINGS_MAX) {
      // Somebody may have pruned while we read.
      ({ pruning } = await readStatements(source));
    }
    const isGone = event === null && !wasPruned(seq, pruning);
    if (event === null && !isGone) pruned += 1;
    // Of what comes later the first ones are enough: they are met in order.
    if (met.length < FINDINGS_MAX) {
      const flaw =
        flawOfLink(link, end, source.macKeys) ?? contradiction(link, checkpoints.get(seq));
      if (flaw) met.push({ seq, eventId, ...flaw });
      if (isGone) met.push({ seq, eventId, kind: "deleted", text: "The event is gone." });
      const alteration = event === null ? null : alterationOf(link, event);
      if (alteration) met.push({ seq, eventId, ...alteration });
    }
    end = link;
  }
  const cutOff = await truncationOf(source, end, [...checkpoints.keys()]);
  const placed = [...met, ...erasures.findings(), ...(cutOff === null ? [] : [cutOff])];
  const strays = (await source.strays()).map(
    (stray): Finding => ({ seq: null, kind: "never-sealed", ...stray }),
  );
  const inOrder = placed.sort((one, other) => Number(one.seq - other.seq));
  return {
    findings: [...inOrder, ...strays, ...forged].slice(0, FINDINGS_MAX),
    links,
    pruned,
    signedUntil: [...checked].at(-1) ?? 0n,
    erased: erasures.count,
    checkpoints: checked.size,
    waiting: await source.waiting(),
  };
}

type Flaw = Pick<Finding, "kind" | "text"> & { seq?: bigint };

/** What is wrong with a link itself, whatever its event says. */
function flawOfLink(
  link: Link,
  end: { seq: bigint; digest: Uint8Array },
  macKeys: ReadonlyMap<string, Uint8Array> | null,
): Flaw | null {
  if (link.seq !== end.seq + 1n) {
    const first = end.seq + 1n;
    const gone = link.seq - first;
    const text = gone === 1n ? "The link is gone." : `${gone} links from here on are gone.`;
    return { kind: "deleted", text, seq: first };
  }
  if (!sameBytes(link.digest, digestOf(end.digest, link.seq, link.bodyDigest))) {
    const text = "The link does not follow the one before it: it was changed, or put here.";
    return { kind: "reordered", text };
  }
  if (macKeys === null) return null;
  const key = macKeys.get(link.keyId);
  return key !== undefined && sameBytes(link.mac, macOfLink(key, link.digest))
    ? null
    : { kind: "forged", text: "The link was not written by this program." };
}

function contradiction(link: Link, checkpoint: Checkpoint | undefined): Flaw | null {
  return checkpoint === undefined || checkpoint.digest === Buffer.from(link.digest).toString("hex")
    ? null
    : { kind: "forged", text: `The checkpoint of ${checkpoint.at} was signed for another chain.` };
}

async function truncationOf(
  source: ChainSource,
  end: { seq: bigint; digest: Uint8Array },
  signed: bigint[],
): Promise<PlacedFinding | null> {
  const beyond = signed.filter((seq) => seq > end.seq);
  const at = { seq: end.seq + 1n, eventId: null, kind: "truncated" } as const;
  if (beyond.length > 0) {
    const last = beyond.reduce((most, seq) => (seq > most ? seq : most));
    return {
      ...at,
      text: `The chain ends before link ${last}, which a checkpoint was signed for.`,
    };
  }
  const head = await source.head();
  if (head === undefined) return null;
  if (head === null)
    return end.seq === 0n ? null : { ...at, text: "The record of the end is gone." };
  if (head.seq > end.seq) return { ...at, text: `The chain ended with link ${head.seq}.` };
  const key = source.macKeys?.get(head.keyId);
  if (source.macKeys === null) return null;
  return key !== undefined && sameBytes(head.mac, macOfHead(key, head.seq, head.digest))
    ? null
    : { ...at, text: "The record of the end was not written by this program." };
}
