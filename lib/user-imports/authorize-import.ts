import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { newId } from "@/lib/platform/id";
import { requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/**
 * Whoever brings users in makes them, with passwords of the file's (F22). Asked about a user who is
 * not there yet: whoever may manage only themselves brings in nobody.
 */
export async function authorizeImport(caller: Caller, withRoles: boolean): Promise<void> {
  const id = newId();
  await authorize(caller, USER_PERMISSIONS.manage, { id });
  if (withRoles) await authorize(caller, USER_PERMISSIONS.assignRoles, { id });
  requireAssurance(caller.principal, SENSITIVE);
}
