import "server-only";
import type { Authority } from "@/lib/authz/authority";
import {
  type BeyondOwn,
  checkHoldsEverything,
  checkNewService,
  checkServiceNotAbove,
  checkWithinOwn,
} from "@/lib/authz/within-own";
import { isMightyScope } from "@/lib/oidc/client.schema";
import { CLIENT_PERMISSIONS } from "@/lib/oidc/permissions";
import type { Db } from "@/lib/platform/db/client";

interface Terms {
  firstParty: boolean;
  scopes: string[];
}

/**
 * Whether a client reaches as far as its users, or any token, without asking
 * anybody: a first-party one acts for whoever opens a link of its.
 */
export const isTrusted = ({ firstParty, scopes }: Terms): boolean =>
  firstParty || scopes.some(isMightyScope);

/**
 * Null when the author may do this to a client of these terms. Whoever may make,
 * change or authenticate as one that nobody is asked about could act as the
 * mightiest of its users, and so has to be as mighty; so has whoever could act as a service
 * account, to hold what its roles give and policies allow it. One that is
 * made by this will act in the installation's own organization (ATK-27).
 */
export async function checkTrust(
  authority: Authority,
  clientId: string,
  terms: Terms[],
  tx: Db,
  isNewService = false,
): Promise<BeyondOwn | null> {
  const target = { type: "client", id: clientId };
  const permission = CLIENT_PERMISSIONS.manage;
  if (terms.some(isTrusted)) return checkHoldsEverything(authority, permission, target, tx);
  const beyond = await checkWithinOwn(authority, permission, [], target, tx);
  if (beyond !== null || terms.length === 0) return beyond;
  const check = isNewService ? checkNewService : checkServiceNotAbove;
  return check(authority, permission, clientId, tx);
}
