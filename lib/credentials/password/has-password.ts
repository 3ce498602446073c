import "server-only";
import { findPasswordHash } from "@/lib/credentials/password/password-store";
import type { Caller } from "@/lib/shared/caller";

/** Whether the caller can sign in with a password. */
export const hasPassword = async (caller: Caller): Promise<boolean> =>
  (await findPasswordHash(caller.principal.userId)) !== null;
