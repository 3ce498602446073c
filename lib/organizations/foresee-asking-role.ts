import "server-only";
import { listHeldPermissions } from "@/lib/authz/list-held-permissions";
import type { LedPerson } from "@/lib/organizations/asked-store";
import { countAskedByRole, listLedByRole } from "@/lib/organizations/asking-role-store";
import { type ForeseenSessions, foreseeSessions } from "@/lib/sessions/foresee-sessions";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** Nobody reads a longer list; the counts are exact. */
const NAMES_MAX = 50;

export interface AskingRoleImpact {
  /** Who has the role, and is asked for a second factor by nothing else. */
  asked: number;
  /** Of those, who has none and would be led to set one up; of a role that asks no longer, nobody. */
  led: number;
  named: LedPerson[];
  unnamed: number;
  sessions: ForeseenSessions;
}

/**
 * Who would be asked for a second factor once a role asks for one, or no longer once it does not, and
 * what becomes of their sessions. For whoever was answered a preview of that very change of the role.
 */
export async function foreseeAskingRole(
  caller: Caller,
  role: { id: string; mfaRequired: boolean },
  naming: Permission,
): Promise<AskingRoleImpact> {
  const { asked, led } = await countAskedByRole(role.id);
  const leads = role.mfaRequired ? led : 0;
  // Whoever sees people on a condition only is told how many there are.
  const seesAll = (await listHeldPermissions(caller)).some(
    ({ key, reach }) => key === naming.key && reach === "all",
  );
  const named =
    seesAll && leads > 0
      ? await listLedByRole(role.id, caller.principal.organizationId, NAMES_MAX)
      : [];
  const sessions = await foreseeSessions(
    caller,
    { holdersOf: role.id },
    { before: { role: { ...role, mfaRequired: !role.mfaRequired } }, after: { role } },
  );
  return { asked, led: leads, named, unnamed: leads - named.length, sessions };
}
