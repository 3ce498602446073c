import { createHash, randomUUID } from "node:crypto";
import { exportJWK, type GenerateKeyPairResult, SignJWT } from "jose";
import { getConfig } from "@/lib/platform/config";

export type Keys = GenerateKeyPairResult;

/** A proof that one has the key (RFC 9449 §4.2); claims and header are changed as told. */
export async function aProof(
  keys: Keys,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): Promise<string> {
  return new SignJWT({ jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
    .setProtectedHeader({
      alg: "ES256",
      typ: "dpop+jwt",
      jwk: await exportJWK(keys.publicKey),
      ...header,
    })
    .sign(keys.privateKey);
}

/** What a proof says that is for the token endpoint. */
export const FOR_TOKEN = () => ({ htm: "POST", htu: `${getConfig().origin}/oidc/token` });

/** What a proof says of the token that it comes with (RFC 9449 §4.2). */
export const ath = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");
