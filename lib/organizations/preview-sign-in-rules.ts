import "server-only";
import { listHeldPermissions } from "@/lib/authz/list-held-permissions";
import {
  type AskedCounts,
  countAsked,
  type LedPerson,
  listLed,
} from "@/lib/organizations/asked-store";
import {
  changeSignInRules,
  findSignInRules,
  type Lockout,
  lockoutsOf,
  type RulesChange,
  type RulesTerms,
} from "@/lib/organizations/sign-in-rules";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import {
  countBeyondSessions,
  type ForeseenSessions,
  foreseeSessions,
} from "@/lib/sessions/foresee-sessions";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** Nobody reads a longer list; the counts are exact. */
const NAMES_MAX = 50;

export interface RulesImpact extends AskedCounts {
  sessions: ForeseenSessions;
  /** Who has more sessions than may be at once and was not beyond that before: each sign-in ends the oldest. */
  beyondSessionsMax: number;
  /** Of those led to set one up, as far as the reader may see people. */
  named: LedPerson[];
  unnamed: number;
  /** What a save would be answered with `locks-author-out` for, unless it is confirmed. */
  lockouts: Lockout[];
}

/**
 * Who would be asked for a second factor under these rules and is not now, and what would become of
 * every live session, for whoever may save them: the very change is made and taken back, so what it
 * is refused for comes back as it is.
 */
export async function previewSignInRules(
  caller: Caller,
  rules: SignInRules,
  { expectedVersion }: Pick<RulesTerms, "expectedVersion">,
  { naming, permissions }: { naming: Permission; permissions: readonly Permission[] },
): Promise<{ outcome: "previewed"; impact: RulesImpact } | RulesChange> {
  const { organizationId } = caller.principal;
  const probed = { made: false };
  const probe = {
    before: async () => {},
    after: async () => {
      probed.made = true;
    },
  };
  const terms = { expectedVersion, confirmed: true, networkConfirmed: true, probe };
  const result = await changeSignInRules(caller, rules, terms);
  if (!probed.made) return result;
  const before = await findSignInRules(organizationId);
  const keys = permissions.filter((one) => one.administrative).map(({ key }) => key);
  const counts = await countAsked(organizationId, before, rules, keys);
  // Whoever sees people on a condition only is told how many there are.
  const seesAll = (await listHeldPermissions(caller)).some(
    ({ key, reach }) => key === naming.key && reach === "all",
  );
  const named = seesAll ? await listLed(organizationId, before, rules, keys, NAMES_MAX) : [];
  return {
    outcome: "previewed",
    impact: {
      ...counts,
      named,
      unnamed: counts.led - named.length,
      lockouts: await lockoutsOf(caller, rules),
      sessions: await foreseeSessions(
        caller,
        { organizationId },
        { before: { rules: before }, after: { rules } },
      ),
      beyondSessionsMax: await countNewlyBeyond(organizationId, before, rules),
    },
  };
}

/** A number that is not smaller than before touches nobody. */
async function countNewlyBeyond(
  organizationId: string,
  before: SignInRules,
  after: SignInRules,
): Promise<number> {
  const [had, has] = [before.sessionsMax, after.sessionsMax];
  if (has === null || (had !== null && had <= has)) return 0;
  const beyond = await countBeyondSessions(organizationId, has);
  return had === null ? beyond : beyond - (await countBeyondSessions(organizationId, had));
}
