import "server-only";
import { type AuditEventInput, recordEvent } from "@/lib/audit/record-event";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
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
  user: NewUser & { roles: "default" | string[] },
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const { roles, ...row } = user;
  if (!(await insertUser(row, tx))) return false;
  await insertMembership(user.id, await findDefaultOrganizationId(tx), tx);
  if (roles === "default") await grantDefaultRoles(user.id, tx);
  else await grantRoles(user.id, roles, actor.type === "user" ? actor.id : null, tx);
  await recordEvent(
    {
      action: "user.created",
      outcome: "success",
      actor,
      target: { type: "user", id: user.id },
      after: {
        status: user.status,
        roles: roles === "default" ? "default" : roles,
      },
    },
    request,
    tx,
  );
  return true;
}
