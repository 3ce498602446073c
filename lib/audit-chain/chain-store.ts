import "server-only";
import type { Prisma } from "@/generated/prisma/client";
import type { ChainedEvent, Link } from "@/lib/audit-chain/link";
import { type Db, prisma } from "@/lib/platform/db/client";

const EVENT = {
  id: true,
  at: true,
  action: true,
  outcome: true,
  actorType: true,
  actorId: true,
  organizationId: true,
  sessionId: true,
  clientId: true,
  subjectId: true,
  targetType: true,
  targetId: true,
  requestId: true,
  ip: true,
  userAgent: true,
  originSalt: true,
  reason: true,
  before: true,
  after: true,
  detailSalt: true,
  erasedBy: true,
} as const satisfies Prisma.AuditEventSelect;

/** Whoever seals or prunes, one at a time in the whole installation. Writers of events never wait for it. */
export async function tryLockChain(tx: Db): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ locked: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('audit_chain')) AS locked`;
  return row?.locked === true;
}

/** {@link tryLockChain} for whoever has to. */
export async function lockChain(tx: Db): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('audit_chain'))`;
}

export interface Head {
  seq: bigint;
  digest: Uint8Array;
  mac: Uint8Array;
  keyId: string;
}

/** Null before the first link. */
export const findHead = (db: Db = prisma()): Promise<Head | null> =>
  db.auditHead.findUnique({
    where: { id: 1 },
    select: { seq: true, digest: true, mac: true, keyId: true },
  });

/** Committed events that have no link yet, in the order of their ids, which is that of time. */
export async function listUnsealedEvents(countMax: number, tx: Db): Promise<ChainedEvent[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM audit_unsealed u JOIN audit_events e ON e.id = u.event_id
     ORDER BY u.event_id LIMIT ${countMax}`;
  return tx.auditEvent.findMany({
    where: { id: { in: due.map(({ id }) => id) } },
    orderBy: { id: "asc" },
    select: EVENT,
  });
}

export const countUnsealed = (db: Db = prisma()): Promise<number> => db.auditUnsealed.count();

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (value: Uint8Array): Bytes => new Uint8Array(value);

/** Appends the links, moves the end of the chain to the last of them, and takes their events off the queue. */
export async function appendLinks(links: Link[], head: Head, tx: Db): Promise<void> {
  await tx.auditLink.createMany({
    data: links.map(({ originDigest, detailDigest, bodyDigest, digest, mac, ...link }) => ({
      ...link,
      originDigest: bytes(originDigest),
      detailDigest: bytes(detailDigest),
      bodyDigest: bytes(bodyDigest),
      digest: bytes(digest),
      mac: bytes(mac),
    })),
  });
  await setHead(head, tx);
  await tx.auditUnsealed.deleteMany({
    where: { eventId: { in: links.map(({ eventId }) => eventId) } },
  });
}

/** The last link, wherever the end is said to be; null before the first. */
export const findLastLink = (db: Db = prisma()): Promise<Pick<Link, "seq" | "digest"> | null> =>
  db.auditLink.findFirst({ orderBy: { seq: "desc" }, select: { seq: true, digest: true } });

async function setHead(head: Head, tx: Db): Promise<void> {
  const end = { ...head, digest: bytes(head.digest), mac: bytes(head.mac) };
  await tx.auditHead.upsert({ where: { id: 1 }, create: end, update: end });
}

export interface LinkedEvent {
  link: Link;
  /** Null when it is not there any more. */
  event: ChainedEvent | null;
}

/** The links after `seq`, each with its event. */
export async function listLinksAfter(
  seq: bigint,
  countMax: number,
  db: Db = prisma(),
): Promise<LinkedEvent[]> {
  const links = await db.auditLink.findMany({
    where: { seq: { gt: seq } },
    orderBy: { seq: "asc" },
    take: countMax,
  });
  const events = await db.auditEvent.findMany({
    where: { id: { in: links.map(({ eventId }) => eventId) } },
    select: EVENT,
  });
  const byId = new Map(events.map((event) => [event.id, event]));
  return links.map((link) => ({ link, event: byId.get(link.eventId) ?? null }));
}

/** The first events that neither are in the chain nor wait for it: they were written past the trigger. */
export async function findStrays(countMax: number, db: Db = prisma()): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM audit_events e
     WHERE NOT EXISTS (SELECT FROM audit_links l WHERE l.event_id = e.id)
       AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.event_id = e.id)
     ORDER BY e.id LIMIT ${countMax}`;
  return rows.map(({ id }) => id);
}

/** The first events that were to be sealed and are gone. */
export async function findLostBeforeSealing(
  countMax: number,
  db: Db = prisma(),
): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT u.event_id AS id FROM audit_unsealed u
     WHERE NOT EXISTS (SELECT FROM audit_events e WHERE e.id = u.event_id)
       AND NOT EXISTS (SELECT FROM audit_links l WHERE l.event_id = u.event_id)
     ORDER BY u.event_id LIMIT ${countMax}`;
  return rows.map(({ id }) => id);
}

export interface CheckpointRow {
  seq: bigint;
  at: Date;
  statement: string;
}

/** Signed statements after a link, oldest first. */
export const listCheckpointRows = (seq: bigint, db: Db = prisma()): Promise<CheckpointRow[]> =>
  db.auditCheckpoint.findMany({ where: { seq: { gt: seq } }, orderBy: { seq: "asc" } });

export const findLastCheckpoint = (db: Db = prisma()): Promise<CheckpointRow | null> =>
  db.auditCheckpoint.findFirst({ orderBy: { seq: "desc" } });

export async function insertCheckpoint(seq: bigint, statement: string, tx: Db): Promise<void> {
  await tx.auditCheckpoint.create({ data: { seq, statement } });
}

/** The statements of what was pruned, oldest first; each says what of everything before is left. */
export async function listPruningStatements(db: Db = prisma()): Promise<string[]> {
  const rows = await db.auditPruning.findMany({
    orderBy: { id: "asc" },
    select: { statement: true },
  });
  return rows.map(({ statement }) => statement);
}
