import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { Operator } from "@/lib/authz/authority";
import { wayRound } from "@/lib/authz/inheritance-ways";
import { type GrantsRejection, resolveGrants } from "@/lib/authz/role-grants";
import { listAllHeirRows } from "@/lib/authz/role-inheritance-store";
import { isNameTaken } from "@/lib/authz/role-name";
import { listAllRoleRows, type RoleRow, withUserCounts } from "@/lib/authz/role-store";
import type { InheritanceRejection } from "@/lib/authz/set-role-inheritance";
import {
  fieldsOfRole,
  type RoleFields,
  type WrittenRole,
  writeGrants,
  writeInheritance,
  writeNewRole,
  writeRoleDeletion,
  writeRoleFields,
} from "@/lib/authz/write-role";
import type { Db } from "@/lib/platform/db/client";
import { inPlace } from "@/lib/platform/db/tenant";

// Roles as whoever operates the machine changes them, each within a guarded change: by the rules that
// hold for everybody, and without a question about permissions of their own.

/** Every role of the installation, whosever it is, by name. */
export const listRolesAsOperator = (tx: Db): Promise<RoleRow[]> =>
  inPlace(null, listAllRoleRows, tx);

export type RoleWriteRejection =
  | { outcome: "rejected"; reason: "name-taken" }
  | GrantsRejection
  | InheritanceRejection;

export type OperatedRole = Omit<RoleFields, "name"> & Pick<WrittenRole, "grants">;

/** Creates a role that inherits nothing yet. */
export async function createRoleAsOperator(
  operator: Operator,
  place: Pick<WrittenRole, "id" | "organizationId" | "name">,
  { grants, ...asked }: OperatedRole,
  tx: Db,
): Promise<RoleWriteRejection | null> {
  const fields = { ...asked, name: place.name };
  const role = { ...place, description: asked.description, grants };
  const resolved = await resolveGrants(grants, tx);
  if (resolved.outcome === "rejected") return resolved;
  if (await isNameTaken(role, role.name, tx)) return { outcome: "rejected", reason: "name-taken" };
  await writeNewRole(operator, role, [], resolved.permissionIds, tx);
  const plain = { ...fields, mfaRequired: false, emergency: false };
  if (!isDeepStrictEqual(plain, fields)) {
    await writeRoleFields(operator, { ...plain, id: role.id }, fields, tx);
  }
  return null;
}

/** Makes a role ask for exactly this and give exactly this by itself. */
export async function changeRoleAsOperator(
  operator: Operator,
  role: RoleRow,
  { grants, ...fields }: OperatedRole,
  tx: Db,
): Promise<RoleWriteRejection | null> {
  const after = { ...fields, name: role.name };
  if (!isDeepStrictEqual(fieldsOfRole(role), fieldsOfRole(after))) {
    await writeRoleFields(operator, role, after, tx);
  }
  const resolved = await resolveGrants(grants, tx);
  if (resolved.outcome === "rejected") return resolved;
  await writeGrants(operator, role, grants, resolved.permissionIds, tx);
  return null;
}

export type Heirs = Awaited<ReturnType<typeof listAllHeirRows>>;

/** Who inherits from whom: read once for many changes, which keep it true while nobody else makes any. */
export const listHeirsAsOperator = (tx: Db): Promise<Heirs> => inPlace(null, listAllHeirRows, tx);

/** Makes a role inherit exactly these outright. No way leads back to it afterwards (F90). */
export async function setInheritanceAsOperator(
  operator: Operator,
  roleId: string,
  wanted: readonly string[],
  heirs: Heirs,
  tx: Db,
): Promise<RoleWriteRejection | null> {
  const role = heirs.find(({ id }) => id === roleId);
  const inherited = heirs.filter(({ id }) => wanted.includes(id));
  const fits = inherited.every(
    ({ organizationId: place }) => place === null || place === role?.organizationId,
  );
  if (role === undefined || !fits || inherited.length !== wanted.length) {
    return { outcome: "rejected", reason: "unknown-role" };
  }
  const way = wayRound(roleId, wanted, heirs);
  if (way !== null) return { outcome: "rejected", reason: "role-cycle", way };
  await writeInheritance(operator, role, wanted, heirs, tx);
  role.inherits = [...wanted];
  return null;
}

/** Deletes a role; whoever had it loses it in the same instant. */
export async function deleteRoleAsOperator(
  operator: Operator,
  role: RoleRow,
  tx: Db,
): Promise<void> {
  const [counted] = await withUserCounts([role], null, tx);
  await writeRoleDeletion(operator, role, counted?.userCount ?? 0, tx);
}
