import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
import { listUserGrants } from "@/lib/users/user-roles-store";
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
  if (!(await insertUser(row, tx))) return false;
  const memberOf = organizationId ?? (await findDefaultOrganizationId(tx));
  await insertMembership(user.id, memberOf, tx);
  const granter = actor.type === "user" ? actor.id : null;
  if (roles === "default") await grantDefaultRoles(user.id, tx);
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
