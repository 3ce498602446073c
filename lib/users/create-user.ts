import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import { holdGrants, holdsBothSides } from "@/lib/authz/duty-guard";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
import { deleteUserGrants, listUserGrants } from "@/lib/users/user-roles-store";
import {
  findDefaultOrganizationId,
  grantDefaultRoles,
  grantRoles,
  insertMembership,
  insertUser,
  type NewUser,
} from "@/lib/users/user-store";

/**
 * The one way in which a user comes to be, whoever asks for it: row, membership,
 * roles and audit event together. False when the address has a user already.
 */
export async function createUser(
  user: NewUser & {
    roles: "default" | string[];
    /** The first organization joined; the installation's own where nothing is said. */
    organizationId?: string;
    /** Where the roles hold; null, as where nothing is said, is the whole instance. */
    rolesHoldIn?: string | null;
  },
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const { roles, organizationId, rolesHoldIn = null, ...row } = user;
  // Before the row is there: whoever changes roles takes the two in this order as well.
  if (roles === "default") await holdGrants(tx);
  if (!(await insertUser(row, tx))) return false;
  const memberOf = organizationId ?? (await findDefaultOrganizationId(tx));
  await insertMembership(user.id, memberOf, tx);
  const granter = actor.type === "user" ? actor.id : null;
  if (roles === "default") await giveDefaultRoles(user.id, memberOf, tx);
  else await grantRoles(user.id, roles, granter, rolesHoldIn, tx);
  const grants = await listUserGrants(user.id, memberOf, tx);
  await recordEvent(
    {
      action: "user.created",
      outcome: "success",
      actor,
      target: { type: "user", id: user.id },
      after: { status: user.status, roles: grants.map((grant) => grant.roleName) },
    },
    request,
    tx,
  );
  return true;
}

/** None of them, where together they are what nobody may hold: it is no reason to turn somebody away (F98). */
async function giveDefaultRoles(userId: string, organizationId: string, tx: Db): Promise<void> {
  await grantDefaultRoles(userId, tx);
  if (!(await holdsBothSides(userId, organizationId, tx))) return;
  const grants = await listUserGrants(userId, organizationId, tx);
  const roleIds = grants.map(({ roleId }) => roleId);
  await deleteUserGrants(userId, roleIds, organizationId, tx);
}
