import "server-only";
import { authorize } from "@/lib/authz/authorize";
import type { Caller } from "@/lib/shared/caller";
import { canonicalEmail } from "@/lib/shared/email.schema";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { findMemberId } from "@/lib/teams/team-member-store";

/** The member of the caller's organization who has this address, to be put into a team; null for nobody. */
export async function findCandidate(caller: Caller, email: string): Promise<string | null> {
  await authorize(caller, TEAM_PERMISSIONS.manage);
  const canonical = canonicalEmail(email);
  return canonical === null ? null : findMemberId(canonical, caller.principal.organizationId);
}
