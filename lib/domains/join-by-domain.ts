import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { holdGrants, holdsBothSides } from "@/lib/authz/duty-guard";
import {
  findJoinable,
  giveDefaultRoles,
  joinOrganization,
  takeDefaultRoles,
} from "@/lib/domains/domain-store";
import type { Db } from "@/lib/platform/db/client";
import type { RequestFacts } from "@/lib/shared/caller";

const domainOf = (email: string): string => email.slice(email.lastIndexOf("@") + 1);

/**
 * Makes somebody who has just shown that they read the mail of this address a member of the
 * organization that has its domain verified and wants that, with the roles of whoever signs up.
 * Never on anybody else's word: neither an administrator's nor a provider's of another organization
 * (F83). `within` names the one organization that may be joined, where the proof is good for one only.
 */
export async function joinByDomain(
  { userId, email, within }: { userId: string; email: string; within?: string | undefined },
  request: RequestFacts,
  tx: Db,
): Promise<void> {
  const organizationId = await findJoinable(domainOf(email), tx);
  if (organizationId === null || (within !== undefined && within !== organizationId)) return;
  // Nobody is there who could be refused: what nobody may hold together is not come to (F98).
  await holdGrants(tx);
  if (await holdsBothSides(userId, organizationId, tx)) return;
  if (!(await joinOrganization(userId, organizationId, tx))) return;
  await giveDefaultRoles(userId, organizationId, tx);
  if (await holdsBothSides(userId, organizationId, tx)) {
    await takeDefaultRoles(userId, organizationId, tx);
  }
  await recordEvent(
    {
      action: "organization.member_joined",
      outcome: "success",
      actor: { type: "user", id: userId },
      target: { type: "user", id: userId },
      reason: "verified-domain",
      after: { organizationId, domain: domainOf(email) },
    },
    request,
    tx,
  );
}
