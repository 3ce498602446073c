import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { SEALED_COLUMNS } from "@/lib/keys/sealed-columns";
import { listSigningKeys } from "@/lib/oidc/signing-keys";
import { getConfig } from "@/lib/platform/config";
import { nameOfKey } from "@/lib/platform/encryption";
import { countSealed } from "@/lib/platform/reencryption";
import type { Caller } from "@/lib/shared/caller";

export type SigningKeyDescription = Awaited<ReturnType<typeof listSigningKeys>>[number];

export interface EncryptionKeyDescription {
  /** Says nothing of the key itself. */
  name: string;
  /** `first` encrypts, `further` only opens, `missing` is not in the configuration: what it sealed is lost without it. */
  state: "first" | "further" | "missing";
  /** How many stored values it has sealed. */
  values: number;
}

export interface KeysDescription {
  signing: SigningKeyDescription[];
  /** Of DATA_ENCRYPTION_KEYS, in their order. */
  encryption: EncryptionKeyDescription[];
  /** Of AUTH_SECRET, in their order: the first one signs, all are accepted. */
  secrets: string[];
}

/** What may be known of the keys that the program works with: no private part of any. */
export async function describeKeys(caller: Caller): Promise<KeysDescription> {
  await authorize(caller, KEY_PERMISSIONS.view);
  const { authSecrets } = getConfig();
  return {
    signing: await listSigningKeys(),
    encryption: await describeEncryptionKeys(),
    secrets: authSecrets.map(nameOfKey),
  };
}

/** Which keys have sealed how much, those of the configuration first. */
export async function describeEncryptionKeys(): Promise<EncryptionKeyDescription[]> {
  const values = new Map<string, number>();
  for (const column of SEALED_COLUMNS) {
    for (const [name, count] of await countSealed(column)) {
      values.set(name, (values.get(name) ?? 0) + count);
    }
  }
  const names = getConfig().dataEncryptionKeys.map(nameOfKey);
  const configured = names.map((name, index) => ({
    name,
    state: index === 0 ? ("first" as const) : ("further" as const),
    values: values.get(name) ?? 0,
  }));
  const missing = [...values]
    .filter(([name]) => !names.includes(name))
    .map(([name, count]) => ({ name, state: "missing" as const, values: count }));
  return [...configured, ...missing];
}
