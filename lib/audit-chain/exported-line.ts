import "server-only";
import { z } from "zod";
import type { LinkedEvent } from "@/lib/audit-chain/chain-store";

const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** A line of an export: the event as the program shows it, and what it takes to check it. */
export function exportedLine({ link, event }: LinkedEvent): string {
  const { seq, eventId, keyId } = link;
  const { originSalt = null, detailSalt = null, erasedBy = null, ...shown } = event ?? {};
  const seal = {
    seq: String(seq),
    originDigest: toHex(link.originDigest),
    detailDigest: toHex(link.detailDigest),
    bodyDigest: toHex(link.bodyDigest),
    digest: toHex(link.digest),
    mac: toHex(link.mac),
    keyId,
    originSalt: originSalt && toHex(originSalt),
    detailSalt: detailSalt && toHex(detailSalt),
    erasedBy,
  };
  return JSON.stringify(event === null ? { id: eventId, pruned: true, seal } : { ...shown, seal });
}

const Hex = z
  .string()
  .regex(/^(?:[0-9a-f]{2}){1,64}$/)
  .transform((text) => new Uint8Array(Buffer.from(text, "hex")));
const Text = z.string().nullable();

const Seal = z.strictObject({
  seq: z
    .string()
    .regex(/^\d{1,19}$/)
    .transform(BigInt),
  originDigest: Hex,
  detailDigest: Hex,
  bodyDigest: Hex,
  digest: Hex,
  mac: Hex,
  keyId: z.string(),
  originSalt: Hex.nullable(),
  detailSalt: Hex.nullable(),
  erasedBy: Text,
});

const Pruned = z.strictObject({ id: z.string(), pruned: z.literal(true), seal: Seal });

const Whole = z.strictObject({
  id: z.string(),
  at: z.iso.datetime().transform((text) => new Date(text)),
  action: z.string(),
  outcome: z.string(),
  actorType: z.string(),
  requestId: z.string(),
  actorId: Text,
  organizationId: Text,
  sessionId: Text,
  clientId: Text,
  // Exports of before nobody acted as anybody else do not have it.
  subjectId: Text.default(null),
  targetType: Text,
  targetId: Text,
  ip: Text,
  userAgent: Text,
  reason: Text,
  before: z.unknown(),
  after: z.unknown(),
  seal: Seal,
});

const Line = z.union([Pruned, Whole]);

/** What {@link exportedLine} wrote; null for any other text. */
export function readExportedLine(text: string): LinkedEvent | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = Line.safeParse(json);
  if (!parsed.success) return null;
  const { seal, ...event } = parsed.data;
  const { originSalt, detailSalt, erasedBy, ...link } = seal;
  return {
    link: { ...link, eventId: event.id },
    event: "pruned" in event ? null : { ...event, originSalt, detailSalt, erasedBy },
  };
}
