import "server-only";
import { type AuditEventInput, recordEvents } from "@/lib/audit/record-event";
import { holdGrants, holdsBothSides } from "@/lib/authz/duty-guard";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";
import { deleteUserGrants, listRoleNames, listUserGrants } from "@/lib/users/user-roles-store";
import {
  findDefaultOrganizationId,
  grantDefaultRoles,
  grantRoles,
  insertMemberships,
  insertUsers,
  type NewUser,
} from "@/lib/users/user-store";

export interface CreatedUser extends NewUser {
  roles: "default" | string[];
  /** Where the roles hold; null, as where nothing is said, is the whole instance. */
  rolesHoldIn?: string | null;
}

/**
 * The one way in which a user comes to be, whoever asks for it: row, membership,
 * roles and audit event together. False when the address has a user already.
 */
export async function createUser(
  user: CreatedUser & {
    /** The first organization joined; the installation's own where nothing is said. */
    organizationId?: string;
  },
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<boolean> {
  const { organizationId, ...created } = user;
  return (await createUsers([created], organizationId, actor, request, tx)).has(user.id);
}

/** The same for many with different addresses, in as many statements; returns the ids of who was created. */
export async function createUsers(
  users: CreatedUser[],
  organizationId: string | undefined,
  actor: AuditEventInput["actor"],
  request: RequestFacts,
  tx: Db,
): Promise<Set<string>> {
  // Before the rows are there: whoever changes roles takes the two in this order as well.
  if (users.some(({ roles }) => roles === "default")) await holdGrants(tx);
  const rows = users.map(({ roles: _, rolesHoldIn: __, ...row }) => row);
  const inserted = await insertUsers(rows, tx);
  const created = users.filter(({ id }) => inserted.has(id));
  if (created.length === 0) return inserted;
  const memberOf = organizationId ?? (await findDefaultOrganizationId(tx));
  await insertMemberships([...inserted], memberOf, tx);
  const byDefault = created.filter(({ roles }) => roles === "default");
  for (const [holdIn, alike] of Map.groupBy(byDefault, ({ rolesHoldIn }) => rolesHoldIn ?? null)) {
    const ids = alike.map(({ id }) => id);
    await giveDefaultRoles(ids, memberOf, holdIn, tx);
  }
  await giveRoles(created, actor.type === "user" ? actor.id : null, tx);
  const names = await listRoleNames([...inserted], memberOf, tx);
  const events = created.map(
    ({ id, status }): AuditEventInput => ({
      action: "user.created",
      outcome: "success",
      actor,
      target: { type: "user", id },
      after: { status, roles: names.get(id) ?? [] },
    }),
  );
  await recordEvents(events, request, tx);
  return inserted;
}

async function giveRoles(users: CreatedUser[], grantedById: string | null, tx: Db): Promise<void> {
  const grants = users.flatMap(({ id: userId, roles, rolesHoldIn = null }) =>
    roles === "default"
      ? []
      : roles.map((roleId) => ({ userId, roleId, grantedById, organizationId: rolesHoldIn })),
  );
  if (grants.length > 0) await grantRoles(grants, tx);
}

/**
 * None of them, where together they are what nobody may hold: it is no reason to turn somebody away
 * (F98). What one new user comes to hold by them all do.
 */
async function giveDefaultRoles(
  userIds: string[],
  organizationId: string,
  holdIn: string | null,
  tx: Db,
): Promise<void> {
  const [first] = userIds;
  if (first === undefined) return;
  await grantDefaultRoles(userIds, organizationId, holdIn, tx);
  if (!(await holdsBothSides(first, organizationId, tx))) return;
  const grants = await listUserGrants(first, organizationId, tx);
  const roleIds = grants.map(({ roleId }) => roleId);
  for (const id of userIds) await deleteUserGrants(id, roleIds, organizationId, tx);
}
