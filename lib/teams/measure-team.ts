import "server-only";
import { authorizeToOffer } from "@/lib/authz/authorize";
import { type GrantableRole, measureRoles } from "@/lib/authz/usable-roles";
import { listMissing } from "@/lib/authz/within-own";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Caller } from "@/lib/shared/caller";
import { TEAM_PERMISSIONS } from "@/lib/teams/permissions";
import { requiredOfTeam } from "@/lib/teams/team-change";

export type { GrantableRole };

export interface MeasuredTeam {
  /** What the team gives and the caller lacks: with any of it, it is not theirs to change. */
  beyond: string[];
  /** Every role that the organization can use, with what the caller lacks of it. */
  roles: GrantableRole[];
}

/** How far the caller could change the team, for a page that offers it. */
export async function measureTeam(
  caller: Caller,
  team: { id: string; organizationId: string },
): Promise<MeasuredTeam> {
  await authorizeToOffer(caller, TEAM_PERMISSIONS.manage);
  const beyond = await inTransaction(async (tx) =>
    listMissing(caller, await requiredOfTeam(team, tx), tx),
  );
  return { beyond, roles: await measureRoles(caller) };
}
