import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { type Heir, waysFrom } from "@/lib/authz/inheritance-ways";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import type { StoredReach } from "@/lib/authz/reach";
import { listHeirRows } from "@/lib/authz/role-inheritance-store";
import { findRoleRows, listPermissionRows } from "@/lib/authz/role-store";
import type { Caller } from "@/lib/shared/caller";

/** One way by which a role gives a permission. */
export interface GrantWay {
  /** The roles from the role itself to the one that names the permission; one for by itself. */
  names: string[];
  reach: StoredReach;
}

export interface EffectiveGrant {
  permissionKey: string;
  description: string;
  /** The shortest way to each role that names it, the role's own first. */
  ways: GrantWay[];
}

/** All that the role gives, by itself and by what it inherits, with the way by which it comes (F90). */
export async function listEffectiveGrants(
  caller: Caller,
  roleId: string,
): Promise<EffectiveGrant[]> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const { organizationId } = caller.principal;
  const ways = waysFrom(roleId, await listHeirRows(organizationId));
  const given = new Map(
    (await findRoleRows([...ways.keys()], organizationId)).map((role) => [role.id, role]),
  );
  return (await listPermissionRows()).flatMap(({ key, description }) => {
    const found = [...ways].flatMap(([id, way]): GrantWay[] => {
      const reach = given.get(id)?.grants[key];
      return reach === undefined ? [] : [{ names: way.map(({ name }) => name), reach }];
    });
    return found.length === 0 ? [] : [{ permissionKey: key, description, ways: found }];
  });
}

export interface InheritableRole {
  id: string;
  name: string;
  description: string;
  inherited: boolean;
  /** By this way it inherits the role already, so it cannot be inherited; null for no way. */
  wayBack: string[] | null;
}

/** The roles that a role could inherit in its place, by name; for a new one, every role. */
export async function listInheritable(
  caller: Caller,
  role: { id: string; organizationId: string | null; inherits: string[] } | null,
): Promise<InheritableRole[]> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const roles = await listHeirRows(caller.principal.organizationId);
  const fits = (other: { id: string; organizationId: string | null }) =>
    role === null ||
    (other.id !== role.id &&
      (other.organizationId === null || other.organizationId === role.organizationId));
  const heirs = role === null ? new Map<string, Heir[]>() : waysBackTo(role.id, roles);
  return roles.filter(fits).map(({ id, name, description }) => ({
    id,
    name,
    description,
    inherited: role?.inherits.includes(id) ?? false,
    wayBack: heirs.get(id)?.map((step) => step.name) ?? null,
  }));
}

/** From each role that inherits this one, a way to it: the walk along the arrows turned round. */
function waysBackTo(roleId: string, roles: readonly Heir[]): Map<string, Heir[]> {
  const turned = roles.map((role) => ({
    ...role,
    inherits: roles.filter(({ inherits }) => inherits.includes(role.id)).map(({ id }) => id),
  }));
  const ways = [...waysFrom(roleId, turned)].filter(([id]) => id !== roleId);
  return new Map(ways.map(([id, way]) => [id, way.toReversed()]));
}
