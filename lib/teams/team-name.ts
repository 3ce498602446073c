import "server-only";
import type { TenantDb } from "@/lib/platform/db/tenant";
import { listTeamNames } from "@/lib/teams/team-store";

/** Letters that differ only in case or width are the same to whoever reads them. */
const folded = (name: string): string => name.normalize("NFKC").toLowerCase();

/** Whether another team of the organization is called so. Such changes run one after the other. */
export async function isNameTaken(
  { id, organizationId }: { id: string; organizationId: string },
  name: string,
  tenant: TenantDb,
): Promise<boolean> {
  const names = await listTeamNames(id, organizationId, tenant);
  return names.some((other) => folded(other) === folded(name));
}
