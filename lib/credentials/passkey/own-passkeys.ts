import "server-only";
import type { FactorOwner } from "@/lib/credentials/factor";
import { passkeyModelOf } from "@/lib/credentials/passkey/passkey-models";
import {
  deletePasskeyRow,
  insertPasskey,
  listDescriptors,
  listPasskeyRows,
  type NewPasskey,
  type PasskeyListing,
  renamePasskeyRow,
} from "@/lib/credentials/passkey/passkey-store";
import type { Db } from "@/lib/platform/db/client";
import { newId } from "@/lib/platform/id";
import type { Proof } from "@/lib/shared/factor";

/** What a use of a passkey proves. One that may be copied to other devices is never AAL3 (NIST-17). */
export function passkeyProof(userVerified: boolean, backupEligible: boolean): Proof {
  if (!userVerified) return "passkey";
  return backupEligible ? "passkey+uv" : "passkey+bound";
}

/** The user's credentials as browsers name them. */
export async function describePasskeys(
  userId: string,
): Promise<{ id: string; transports: string[] }[]> {
  const rows = await listDescriptors(userId);
  return rows.map(({ credentialId, transports }) => ({
    id: Buffer.from(credentialId).toString("base64url"),
    transports,
  }));
}

/** The user's passkeys, the oldest first, with the names of their models. */
export async function listPasskeys(
  userId: string,
): Promise<(PasskeyListing & { model: string | null })[]> {
  const rows = await listPasskeyRows(userId);
  return rows.map((row) => ({ ...row, model: passkeyModelOf(row.aaguid) }));
}

/** False when somebody has this credential already, or the user has as many as one may. */
export const savePasskey = (
  owner: FactorOwner,
  passkey: NewPasskey,
  name: string,
  tx: Db,
): Promise<boolean> => insertPasskey(newId(), owner, passkey, name, tx);

/** The name that it had; null when the user has no such passkey. */
export const nameOwnPasskey = (
  userId: string,
  id: string,
  name: string,
  tx: Db,
): Promise<string | null> => renamePasskeyRow(userId, id, name, tx);

export const removePasskey = (userId: string, id: string, tx: Db): Promise<boolean> =>
  deletePasskeyRow(userId, id, tx);
