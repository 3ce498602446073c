import "server-only";
import { listIdentityRows } from "@/lib/federation/identity-store";
import type { Caller } from "@/lib/shared/caller";

/** The upstream identities that sign in as the caller. */
export const listOwnIdentities = (
  caller: Caller,
): Promise<{ id: string; provider: string; createdAt: Date }[]> =>
  listIdentityRows(caller.principal.userId);
