import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Caller } from "@/lib/shared/caller";

/** The answer 403 to whoever is outside of the networks that their organization is used from. */
export class NetworkNotAllowed extends Error {
  constructor(readonly decisionId: string) {
    super("the organization is not used from this network");
    this.name = "NetworkNotAllowed";
  }
}

/** Whether the organization is used from where the caller is, as the rule is at this request. */
export const isInAllowedNetwork = ({ principal, request }: Caller): boolean =>
  isWithinRanges(request.ip, principal.networks);

/**
 * Returns when the caller is where their organization is used from (F86), by whatever they show who
 * they are, and otherwise throws {@link NetworkNotAllowed} after the refusal is in the audit log.
 * An address that is not known is nowhere.
 */
export async function requireAllowedNetwork(caller: Caller): Promise<void> {
  if (isInAllowedNetwork(caller)) return;
  const { principal, request } = caller;
  const decisionId = await recordDenial(
    {
      id: request.decisionId,
      actor: actorOfPrincipal(principal),
      target: { type: "organization", id: principal.organizationId },
      reason: "network: not-allowed",
    },
    request,
  );
  throw new NetworkNotAllowed(decisionId);
}
