import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { inTenant } from "@/lib/platform/db/tenant";
import type { Caller } from "@/lib/shared/caller";
import { canonicalEmail } from "@/lib/shared/email.schema";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { findMemberId } from "@/lib/teams/team-member-store";

/** The member of the caller's organization who has this address, to be put into a team; null for nobody. */
export async function findCandidate(caller: Caller, email: string): Promise<string | null> {
  await authorize(caller, TEAM_PERMISSIONS.manage);
  const canonical = canonicalEmail(email);
  if (canonical === null) return null;
  const { organizationId } = caller.principal;
  return inTenant(organizationId, (tenant) => findMemberId(canonical, organizationId, tenant));
}
