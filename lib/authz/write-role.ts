import "server-only";
import { type Authority, recordBy } from "@/lib/authz/authority";
import type { RoleGrants } from "@/lib/authz/role.schema";
import { describeGrants } from "@/lib/authz/role-grants";
import { replaceInheritance } from "@/lib/authz/role-inheritance-store";
import {
  deleteRoleRow,
  insertRoleRow,
  type RoleRow,
  replaceGrants,
  updateRoleRow,
} from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

// What is written and recorded of a role, whoever has judged that it may be. Each runs within a
// guarded change.

const targetOf = (id: string) => ({ type: "role", id });

export interface WrittenRole {
  id: string;
  organizationId: string | null;
  name: string;
  description: string;
  grants: RoleGrants;
}

type Named = Pick<RoleRow, "id" | "name">;

/** Writes a new role. Throws a unique violation where its name is taken. */
export async function writeNewRole(
  authority: Authority,
  { grants, ...role }: WrittenRole,
  inherited: readonly Named[],
  permissionIds: Map<string, string>,
  tx: Db,
): Promise<void> {
  const { id, name, description } = role;
  await insertRoleRow(role, tx);
  await replaceGrants(id, {}, grants, permissionIds, tx);
  await replaceInheritance(
    id,
    [],
    inherited.map((other) => other.id),
    tx,
  );
  const inherits = inherited.map((other) => other.name).sort();
  const after = {
    name,
    description,
    permissions: describeGrants(grants),
    ...(inherits.length > 0 && { inherits }),
  };
  await recordBy(authority, { action: "role.created", target: targetOf(id), after }, tx);
}

export type RoleFields = Pick<RoleRow, "name" | "description" | "mfaRequired" | "emergency">;

export const fieldsOfRole = ({
  name,
  description,
  mfaRequired,
  emergency,
}: RoleFields): RoleFields => ({ name, description, mfaRequired, emergency });

/** Writes what a role is called and asks for. */
export async function writeRoleFields(
  authority: Authority,
  role: RoleFields & Pick<RoleRow, "id">,
  fields: RoleFields,
  tx: Db,
): Promise<void> {
  await updateRoleRow(role.id, fields, tx);
  const [before, after] = [fieldsOfRole(role), fieldsOfRole(fields)];
  const target = targetOf(role.id);
  await recordBy(authority, { action: "role.updated", target, before, after }, tx);
}

/** Writes what a role gives by itself; nothing where it does so already. */
export async function writeGrants(
  authority: Authority,
  role: RoleRow,
  grants: RoleGrants,
  permissionIds: Map<string, string>,
  tx: Db,
): Promise<void> {
  const [before, after] = [describeGrants(role.grants), describeGrants(grants)];
  if (before.join() === after.join()) return;
  await replaceGrants(role.id, role.grants, grants, permissionIds, tx);
  await updateRoleRow(role.id, {}, tx);
  const event = {
    action: "role.permissions_changed",
    target: targetOf(role.id),
    before: { permissions: before },
    after: { permissions: after },
  };
  await recordBy(authority, event, tx);
}

/** Writes what a role inherits outright; `roles` name all that it inherits before and after. */
export async function writeInheritance(
  authority: Authority,
  role: Pick<RoleRow, "id" | "inherits">,
  wanted: readonly string[],
  roles: readonly Named[],
  tx: Db,
): Promise<void> {
  const namesOf = (ids: readonly string[]) =>
    roles.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const [before, after] = [namesOf(role.inherits), namesOf(wanted)];
  if (before.join("\n") === after.join("\n")) return;
  await replaceInheritance(role.id, role.inherits, wanted, tx);
  await updateRoleRow(role.id, {}, tx);
  const event = {
    action: "role.inheritance_changed",
    target: targetOf(role.id),
    before: { inherits: before },
    after: { inherits: after },
  };
  await recordBy(authority, event, tx);
}

/** Deletes a role that so many people have. */
export async function writeRoleDeletion(
  authority: Authority,
  role: RoleRow,
  userCount: number,
  tx: Db,
): Promise<void> {
  await deleteRoleRow(role.id, tx);
  const { name, description } = role;
  const before = { name, description, permissions: describeGrants(role.grants), userCount };
  await recordBy(authority, { action: "role.deleted", target: targetOf(role.id), before }, tx);
}
