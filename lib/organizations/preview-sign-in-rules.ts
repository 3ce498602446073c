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
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** Nobody reads a longer list; the counts are exact. */
const NAMES_MAX = 50;

export interface RulesImpact extends AskedCounts {
  /** Of those led to set one up, as far as the reader may see people. */
  named: LedPerson[];
  unnamed: number;
  /** What a save would be answered with `locks-author-out` for, unless it is confirmed. */
  lockouts: Lockout[];
}

/**
 * Who would be asked for a second factor under these rules and is not now, for whoever may save them:
 * the very change is made and taken back, so what it is refused for comes back as it is.
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
      lockouts: lockoutsOf(caller, rules),
    },
  };
}
