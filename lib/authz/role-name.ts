import "server-only";
import { listRoleNames, type RoleRow } from "@/lib/authz/role-store";
import type { Db } from "@/lib/platform/db/client";

/** Letters that differ only in case or width are the same to whoever reads them. */
const folded = (name: string): string => name.normalize("NFKC").toLowerCase();

/**
 * Whether another role that holds in the same place is called so: for a role of an organization
 * one of that or of the whole installation, for one of the installation any. Apps are told
 * roles by their names, so that one that gives nothing must not pass for one that gives
 * much (ATK-42). Such changes run one after the other, and what is said here stays true.
 */
export async function isNameTaken(
  { id, organizationId }: Pick<RoleRow, "id" | "organizationId">,
  name: string,
  tx: Db,
): Promise<boolean> {
  const names = await listRoleNames(id, organizationId, tx);
  return names.some((other) => folded(other) === folded(name));
}
