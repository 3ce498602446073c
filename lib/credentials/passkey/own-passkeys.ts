import "server-only";
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

/** The user's passkeys, the oldest first. */
export const listPasskeys = (userId: string): Promise<PasskeyListing[]> => listPasskeyRows(userId);

/** False when somebody has this credential already, or the user has as many as one may. */
export const savePasskey = (
  userId: string,
  passkey: NewPasskey,
  name: string,
  tx: Db,
): Promise<boolean> => insertPasskey(newId(), userId, passkey, name, tx);

/** The name that it had; null when the user has no such passkey. */
export const nameOwnPasskey = (
  userId: string,
  id: string,
  name: string,
  tx: Db,
): Promise<string | null> => renamePasskeyRow(userId, id, name, tx);

export const removePasskey = (userId: string, id: string, tx: Db): Promise<boolean> =>
  deletePasskeyRow(userId, id, tx);
