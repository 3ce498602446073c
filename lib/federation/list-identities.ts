import "server-only";
import { countIdentities, listIdentityRows } from "@/lib/federation/identity-store";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/** The upstream identities that sign in as the caller. */
export const listOwnIdentities = (
  caller: Caller,
): Promise<{ id: string; provider: string; createdAt: Date }[]> =>
  listIdentityRows(caller.principal.userId);

/** Whether the user can sign in through some provider. */
export const hasIdentity = async (userId: string, db?: Db): Promise<boolean> =>
  (await countIdentities(userId, db)) > 0;
