import "server-only";
import { CompactSign, compactVerify, decodeProtectedHeader, importJWK, type JWK } from "jose";
import { z } from "zod";
import { type AuditKey, CHECKPOINT_ALGORITHM } from "@/lib/audit-chain/audit-keys";

const Seq = z.string().regex(/^\d{1,19}$/);
const Digest = z.string().regex(/^[0-9a-f]{64}$/);

const Checkpoint = z.strictObject({
  type: z.literal("audit-checkpoint"),
  iss: z.string(),
  at: z.iso.datetime(),
  /** The last link that it speaks of, and what the chain came to there. */
  seq: Seq,
  digest: Digest,
});

const Pruning = z.strictObject({
  type: z.literal("audit-pruning"),
  iss: z.string(),
  at: z.iso.datetime(),
  /** Events from before this moment are gone. */
  before: z.iso.datetime(),
  /** Up to this link, save for the ranges of links that are kept. */
  seqMax: Seq,
  kept: z.array(z.tuple([Seq, Seq])),
});

export type Checkpoint = z.infer<typeof Checkpoint>;
export type Pruning = z.infer<typeof Pruning>;
export type Statement = Checkpoint | Pruning;

const AnyStatement = z.discriminatedUnion("type", [Checkpoint, Pruning]);

/** A JWS in its compact form (RFC 7515 §3.1): one line, which is kept anywhere and checked anywhere. */
export async function signStatement(statement: Statement, key: AuditKey): Promise<string> {
  return new CompactSign(new TextEncoder().encode(JSON.stringify(statement)))
    .setProtectedHeader({ alg: CHECKPOINT_ALGORITHM, kid: key.id, typ: `${statement.type}+jws` })
    .sign(await importJWK(key.privateJwk, CHECKPOINT_ALGORITHM));
}

/** What the statement says, when one of these keys has signed it; null for everything else. */
export async function readStatement(
  text: string,
  publicKeys: readonly JWK[],
): Promise<Statement | null> {
  try {
    const { kid } = decodeProtectedHeader(text);
    const jwk = publicKeys.find((key) => key.kid === kid);
    if (jwk === undefined) return null;
    const key = await importJWK(jwk, CHECKPOINT_ALGORITHM);
    const { payload } = await compactVerify(text, key, { algorithms: [CHECKPOINT_ALGORITHM] });
    const parsed = AnyStatement.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not a JWS, not JSON, or not signed by this key.
    return null;
  }
}
