import "server-only";
import { listRoleRows } from "@/lib/authz/role-store";

const ROLES_MAX = 500;

/** The roles that an organization can use, by name: for the command line, where people type names. */
export async function findRoleIdsByName(organizationId: string): Promise<Map<string, string>> {
  const roles = await listRoleRows(organizationId, null, ROLES_MAX);
  return new Map(roles.map(({ id, name }) => [name, id]));
}
