import "server-only";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { type RoleAssignment, toggleRole } from "@/lib/users/assign-roles";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { type UserUpdate, updateUser } from "@/lib/users/update-user";
import { findMemberRow } from "@/lib/users/user-directory-store";
import { endUserSessions, type SessionsEnding } from "@/lib/users/user-sessions";

export type ManyChange =
  | { kind: "disable" | "enable" | "end-sessions" }
  | { kind: "add-role" | "remove-role"; roleId: string };

export interface OneOfMany {
  /** The address, for whoever may see it. */
  label: string;
  result: UserUpdate | SessionsEnding | RoleAssignment | { outcome: "denied"; decisionId: string };
}

const permissionOf = ({ kind }: ManyChange): Permission => {
  if (kind === "end-sessions") return USER_PERMISSIONS.revokeSessions;
  return kind === "add-role" || kind === "remove-role"
    ? USER_PERMISSIONS.assignRoles
    : USER_PERMISSIONS.manage;
};

/**
 * Does the same to many users, one after the other: each with all guards of doing it to that one
 * alone, and whatever became of the others. Throws {@link AccessDenied} where it is denied for all of
 * them, and what is to be proven first before anything is done.
 */
export async function changeMany(
  caller: Caller,
  userIds: string[],
  change: ManyChange,
): Promise<OneOfMany[]> {
  await authorize(caller, permissionOf(change));
  const results: OneOfMany[] = [];
  let denied: AccessDenied | null = null;
  for (const userId of userIds) {
    const label = await labelOf(caller, userId);
    try {
      results.push({ label, result: await changeOne(caller, userId, change) });
    } catch (error) {
      if (!(error instanceof AccessDenied)) throw error;
      denied = error;
      const { decisionId } = error;
      results.push({ label, result: { outcome: "denied", decisionId } });
    }
  }
  if (denied !== null && results.every(({ result }) => result.outcome === "denied")) throw denied;
  return results;
}

async function labelOf(caller: Caller, userId: string): Promise<string> {
  const user = await findMemberRow(userId, caller.principal.organizationId);
  const visible = user !== null && (await can(caller, USER_PERMISSIONS.view, { id: userId }));
  return visible ? user.email : userId;
}

function changeOne(
  caller: Caller,
  userId: string,
  change: ManyChange,
): Promise<OneOfMany["result"]> {
  switch (change.kind) {
    case "disable":
      return updateUser(caller, userId, { status: "disabled" }, { confirmed: false });
    case "enable":
      return updateUser(caller, userId, { status: "active" }, { confirmed: false });
    case "end-sessions":
      return endUserSessions(caller, userId, null);
    default:
      return toggleRole(caller, userId, change.roleId, change.kind === "add-role");
  }
}
