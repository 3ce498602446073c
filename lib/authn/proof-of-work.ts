import "server-only";
import "#node-only";
import { createHash } from "node:crypto";
import { spendProof } from "@/lib/authn/proof-of-work-store";
import { getConfig } from "@/lib/platform/config";
import { equalBytes, keyedHash } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/id";
import { minutes } from "@/lib/shared/duration";
import type { WorkChallenge } from "@/lib/shared/form-state";

/** Long enough for a slow telephone, too short to be collected for later. */
const LIFETIME_SECONDS = minutes(5);

const seal = (key: string, subject: string, text: string): string =>
  Buffer.from(keyedHash(key, `proof of work ${subject} ${text}`)).toString("base64url");

/** A challenge for this one subject, such as the password of an account (F119). */
export function issueChallenge(subject: string, bits: number): WorkChallenge {
  const expiresAt = Math.floor(Date.now() / 1000) + LIFETIME_SECONDS;
  const text = `${newId()}.${bits}.${expiresAt}`;
  const [key = ""] = getConfig().dataEncryptionKeys;
  return { token: `${text}.${seal(key, subject, text)}`, bits };
}

const PROOF = /^(([0-9a-f-]{36})\.(\d{1,2})\.(\d{1,12})\.([A-Za-z0-9_-]{43})):(\d{1,15})$/;

/**
 * True once for a challenge of ours for this subject, at least this hard, that
 * has been worked on in time. Costs a signature, a hash and one statement,
 * however hard the work was.
 */
export async function redeemProof(
  proof: string | undefined,
  subject: string,
  leastBits: number,
): Promise<boolean> {
  const [, token, id, bitsText, expiresText, mark] = PROOF.exec(proof ?? "") ?? [];
  if (!proof || !token || !id || !bitsText || !expiresText || !mark) return false;
  const text = `${id}.${bitsText}.${expiresText}`;
  const isOurs = getConfig().dataEncryptionKeys.some((key) =>
    equalBytes(Buffer.from(seal(key, subject, text)), Buffer.from(mark)),
  );
  const [bits, expiresAt] = [Number(bitsText), Number(expiresText)];
  // One that was collected while less was asked for is not enough now.
  if (!isOurs || bits < leastBits || leadingZeroBits(proof) < bits) return false;
  return spendProof(id, expiresAt);
}

function leadingZeroBits(proof: string): number {
  const digest = createHash("sha256").update(proof).digest();
  const at = digest.findIndex((byte) => byte !== 0);
  return at === -1 ? digest.length * 8 : at * 8 + Math.clz32(digest[at] ?? 0) - 24;
}
