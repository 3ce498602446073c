import "server-only";
import {
  countIdentities,
  deleteIdentitiesSince,
  listIdentityRows,
} from "@/lib/federation/identity-store";
import { listSignInProviders } from "@/lib/federation/providers";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/** The upstream identities that sign in as the caller. */
export const listOwnIdentities = (
  caller: Caller,
): Promise<{ id: string; provider: string; createdAt: Date }[]> =>
  listIdentityRows(caller.principal.userId);

/** The same of any user: whoever calls this has asked who may see them. */
export const listIdentitiesOf = (
  userId: string,
): Promise<{ id: string; provider: string; createdAt: Date }[]> => listIdentityRows(userId);

/** Whether the user can sign in through some provider; one that is not set up lets nobody in. */
export async function hasIdentity(userId: string, db?: Db): Promise<boolean> {
  const providers = (await listSignInProviders(db)).map(({ id }) => id);
  return (await countIdentities(userId, providers, db)) > 0;
}

/** Takes identities that were linked since then, as whoever takes an account back must; true when there were any. */
export const forgetIdentitiesSince = (userId: string, since: Date, tx: Db): Promise<boolean> =>
  deleteIdentitiesSince(userId, since, tx);
