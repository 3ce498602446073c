import "server-only";
import "#node-only";
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import canonicalize from "canonicalize";

/** An event as the chain sees it: all of its row, with its two salts. */
export interface ChainedEvent {
  id: string;
  at: Date;
  action: string;
  outcome: string;
  actorType: string;
  actorId: string | null;
  organizationId: string | null;
  sessionId: string | null;
  clientId: string | null;
  subjectId: string | null;
  targetType: string | null;
  targetId: string | null;
  requestId: string;
  ip: string | null;
  userAgent: string | null;
  originSalt: Uint8Array | null;
  reason: string | null;
  before: unknown;
  after: unknown;
  detailSalt: Uint8Array | null;
  erasedBy: string | null;
}

export interface Link {
  seq: bigint;
  eventId: string;
  originDigest: Uint8Array;
  detailDigest: Uint8Array;
  bodyDigest: Uint8Array;
  digest: Uint8Array;
  mac: Uint8Array;
  keyId: string;
}

/** What the first link follows. */
export const GENESIS: Uint8Array = new Uint8Array(32);

const sha256 = (...parts: (string | Uint8Array)[]): Uint8Array => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** RFC 8785: one text for one value, whatever the order of its members. */
const canonical = (value: unknown): string => canonicalize(value) ?? "null";

/** In place of where it came from, which is personal: says nothing without the salt. */
export const originDigestOf = (
  { ip, userAgent }: Pick<ChainedEvent, "ip" | "userAgent">,
  salt: Uint8Array,
): Uint8Array => sha256("audit origin v1\n", salt, canonical({ ip, userAgent }));

/** In place of what was said and what changed, which may be personal. */
export const detailDigestOf = (
  { reason, before, after }: Pick<ChainedEvent, "reason" | "before" | "after">,
  salt: Uint8Array,
): Uint8Array =>
  sha256(
    "audit detail v1\n",
    salt,
    canonical({ reason, before: before ?? null, after: after ?? null }),
  );

/** Of everything else in the event, and of the two digests that stand for what may go. */
export function bodyDigestOf(
  event: ChainedEvent,
  originDigest: Uint8Array,
  detailDigest: Uint8Array,
): Uint8Array {
  const { id, action, outcome, actorType, actorId, organizationId, sessionId, clientId } = event;
  const { subjectId, targetType, targetId, requestId } = event;
  const body = {
    id,
    action,
    outcome,
    actorType,
    actorId,
    organizationId,
    sessionId,
    clientId,
    // Left out of all others, so that links of before there were any stay good.
    ...(subjectId !== null && { subjectId }),
    targetType,
    targetId,
    requestId,
    at: event.at.toISOString(),
    origin: Buffer.from(originDigest).toString("hex"),
    detail: Buffer.from(detailDigest).toString("hex"),
  };
  return sha256("audit event v1\n", canonical(body));
}

const asBytes = (seq: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(seq);
  return bytes;
};

/** Binds a link to its place and to all before it. Needs no key: whoever has the log can check it. */
export const digestOf = (previous: Uint8Array, seq: bigint, bodyDigest: Uint8Array): Uint8Array =>
  sha256("audit link v1\n", previous, asBytes(seq), bodyDigest);

const hmac = (key: Uint8Array, ...parts: (string | Uint8Array)[]): Uint8Array => {
  const mac = createHmac("sha256", key);
  for (const part of parts) mac.update(part);
  return new Uint8Array(mac.digest());
};

/** What only the program can write: a chain that somebody computed anew has none (ATK-72). */
export const macOfLink = (key: Uint8Array, digest: Uint8Array): Uint8Array =>
  hmac(key, "audit link v1\n", digest);

/** That the chain ends here. Other than the mac of a link, so that none can stand for an end. */
export const macOfHead = (key: Uint8Array, seq: bigint, digest: Uint8Array): Uint8Array =>
  hmac(key, "audit head v1\n", asBytes(seq), digest);

export const sameBytes = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/** The link that an event gets after the one with this digest. Throws where personal data are gone. */
export function linkOf(
  event: ChainedEvent,
  previous: { seq: bigint; digest: Uint8Array },
  key: { id: string; mac: Uint8Array },
): Link {
  if (event.originSalt === null || event.detailSalt === null) {
    throw new Error("an event is sealed before anything is taken out of it");
  }
  const seq = previous.seq + 1n;
  const originDigest = originDigestOf(event, event.originSalt);
  const detailDigest = detailDigestOf(event, event.detailSalt);
  const bodyDigest = bodyDigestOf(event, originDigest, detailDigest);
  const digest = digestOf(previous.digest, seq, bodyDigest);
  const mac = macOfLink(key.mac, digest);
  return {
    seq,
    eventId: event.id,
    originDigest,
    detailDigest,
    bodyDigest,
    digest,
    mac,
    keyId: key.id,
  };
}
