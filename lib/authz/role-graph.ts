import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { listHeirRows } from "@/lib/authz/role-inheritance-store";
import type { Caller } from "@/lib/shared/caller";

export interface GraphRole {
  id: string;
  name: string;
  /** What it inherits outright, and who inherits it so, by their ids. */
  inherits: string[];
  heirs: string[];
}

/** Every role that the caller's organization can use, and how they inherit (F90), by name. */
export async function readRoleGraph(caller: Caller): Promise<GraphRole[]> {
  await authorize(caller, ROLE_PERMISSIONS.view);
  const roles = await listHeirRows(caller.principal.organizationId);
  return roles.map(({ id, name, inherits }) => ({
    id,
    name,
    inherits,
    heirs: roles.filter((other) => other.inherits.includes(id)).map((other) => other.id),
  }));
}
