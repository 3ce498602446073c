import "server-only";
import { refuseAtGate } from "@/lib/authz/refuse-at-gate";
import { requireAllowedNetwork } from "@/lib/organizations/allowed-network";
import {
  AssuranceInsufficient,
  demandSecondFactor,
  type Hold,
  holdOf,
  isFreedBy,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

/**
 * Returns when no rule of the caller's organization keeps them out: neither where they are nor
 * anything that they have to do first. Otherwise throws what says which, on record where it is a 403.
 * `during` has holds that what is asked for is meant for.
 */
export async function requireNotKeptOut(caller: Caller, during?: readonly Hold[]): Promise<void> {
  const { principal } = caller;
  await requireAllowedNetwork(caller);
  const hold = holdOf(principal);
  if (hold !== null && isFreedBy(hold, during)) return;
  const maxAge = principal.session.idleBeyondSeconds;
  if (hold === "idle" && maxAge !== null) throw new AssuranceInsufficient({ maxAge });
  if (hold === "second-factor") demandSecondFactor(principal);
  if (hold === "single-sign-on") await refuseAtGate(caller, { rule: "single-sign-on", met: false });
  if (hold === "deletion") await refuseAtGate(caller, { rule: "account-deletion", pending: true });
  if (hold === "terms") await refuseAtGate(caller, { rule: "terms", accepted: false });
  if (hold === "password") await refuseAtGate(caller, { rule: "password-age", expired: true });
}
