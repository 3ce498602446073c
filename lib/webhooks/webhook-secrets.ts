import "server-only";
import { SealBroken, seal, unseal } from "@/lib/platform/encryption";
import { webhookKeyOf } from "@/lib/platform/http/webhook-signature";
import type { SealedColumn } from "@/lib/platform/reencryption";
import { hours } from "@/lib/shared/duration";

/** So long the former secret still signs beside the new one. */
export const FORMER_SECRET_SECONDS = hours(24);

const secretPlaceOf = (id: string): string => `webhook_endpoints.secret:${id}`;
const formerPlaceOf = (id: string): string => `webhook_endpoints.former_secret:${id}`;

const table = "webhook_endpoints";

/** Where the secrets are kept by which receivers know our messages. */
export const SEALED_WEBHOOK_SECRETS: SealedColumn[] = [
  { table, column: "secret", key: "id", placeOf: secretPlaceOf },
  { table, column: "former_secret", key: "id", placeOf: formerPlaceOf },
];

export const sealSecret = (secret: string, id: string): Uint8Array<ArrayBuffer> =>
  seal(Buffer.from(secret), secretPlaceOf(id));

/** The present secret, sealed to where former ones are kept; null for one that no key of ours opens. */
export function sealAsFormer(sealed: Uint8Array, id: string): Uint8Array<ArrayBuffer> | null {
  try {
    return seal(unseal(sealed, secretPlaceOf(id)), formerPlaceOf(id));
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** What signs now: the present key, and the former one while it is good. Throws `SealBroken`. */
export function signingKeysOf(
  id: string,
  { secret, formerSecret }: { secret: Uint8Array; formerSecret: Uint8Array | null },
): Buffer[] {
  const secrets = [
    unseal(secret, secretPlaceOf(id)),
    ...(formerSecret === null ? [] : [unseal(formerSecret, formerPlaceOf(id))]),
  ];
  return secrets.flatMap((text) => webhookKeyOf(text.toString()) ?? []);
}
