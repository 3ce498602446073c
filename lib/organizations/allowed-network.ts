import "server-only";
import { refuseAtGate } from "@/lib/authz/refuse-at-gate";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Caller } from "@/lib/shared/caller";

/** Whether the organization is used from where the caller is, as the rule is at this request. */
export const isInAllowedNetwork = ({ principal, request }: Caller): boolean =>
  isWithinRanges(request.ip, principal.networks);

/**
 * Returns when the caller is where their organization is used from (F86), by whatever they show who
 * they are, and otherwise throws `RefusedAtGate` after the refusal is in the audit log.
 * An address that is not known is nowhere.
 */
export async function requireAllowedNetwork(caller: Caller): Promise<void> {
  if (isInAllowedNetwork(caller)) return;
  const { networks, organizationId } = caller.principal;
  const target = { type: "organization", id: organizationId };
  await refuseAtGate(caller, { rule: "network", networks }, target);
}
