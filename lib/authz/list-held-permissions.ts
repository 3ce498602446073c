import "server-only";
import { Condition } from "@/lib/authz/condition.schema";
import { loadAbility } from "@/lib/authz/load-ability";
import { OWNER_FIELD } from "@/lib/authz/resource-types";
import type { Principal } from "@/lib/shared/principal";

export interface HeldPermission {
  key: string;
  /** Every grant of it is limited to the principal's own records. */
  ownOnly: boolean;
}

/**
 * What the principal may do now and how far each permission reaches, sorted by
 * key. A grant that the evaluator leaves out, because its condition cannot be
 * read or does not fit the resource type, is not named here either.
 */
export async function listHeldPermissions(principal: Principal): Promise<HeldPermission[]> {
  const { grants } = await loadAbility(principal);
  const held = new Map<string, boolean>();
  for (const { permissionKey, resourceType, condition } of grants) {
    const ownOnly = condition !== null;
    const unreadable = ownOnly && !Condition.safeParse(condition).success;
    if (unreadable || (ownOnly && OWNER_FIELD[resourceType] === undefined)) continue;
    held.set(permissionKey, ownOnly && (held.get(permissionKey) ?? true));
  }
  return [...held]
    .map(([key, ownOnly]) => ({ key, ownOnly }))
    .sort((a, b) => a.key.localeCompare(b.key));
}
