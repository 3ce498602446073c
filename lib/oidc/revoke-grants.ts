import "server-only";
import { deleteGrantsOfUser } from "@/lib/oidc/grant-store";
import type { Db } from "@/lib/platform/db/client";

/**
 * Takes back everything that clients hold for a user, also what outlives a
 * session: codes, refresh tokens and access tokens, in the transaction of the
 * change that calls for it. Returns how many grants there were.
 */
export const revokeGrantsOfUser = (userId: string, tx: Db): Promise<number> =>
  deleteGrantsOfUser(userId, tx);
