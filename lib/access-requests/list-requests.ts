import "server-only";
import {
  type AccessRequestRow,
  countWaiting,
  listRowsInForce,
  listRowsOf,
  listShelf,
} from "@/lib/access-requests/access-request-store";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { requiredFor, roleOf } from "@/lib/access-requests/review-request";
import { authorizeToOffer } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import {
  gainOf,
  listRoleNamesOf,
  type NamedRole,
  suggestRoles,
} from "@/lib/authz/requestable-roles";
import { listMissing } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { TokenInsufficient } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { isId } from "@/lib/shared/id.schema";

export type AccessRequest = Omit<AccessRequestRow, "grantId" | "organizationId">;
export type { NamedRole };

/** Nobody reads a longer list; the audit log has all. */
const LISTED_MAX = 100;
export const WAITING_MAX = 99;

const shown = ({ grantId: _, organizationId: __, ...row }: AccessRequestRow): AccessRequest => row;

/** The caller's own in their organization, newest first. */
export async function listOwnRequests({ principal }: Caller): Promise<AccessRequest[]> {
  if (principal.means === "service") throw new TokenInsufficient("user");
  const { userId, organizationId } = principal;
  return (await listRowsOf(userId, organizationId, LISTED_MAX)).map(shown);
}

/**
 * What the caller may ask for: the names of roles, and no more of them. After a refusal of their own,
 * those that would have given what was refused come first.
 */
export async function listRequestableRoles(
  { principal }: Caller,
  decisionId: string | null,
): Promise<{ suggested: NamedRole[]; others: NamedRole[] }> {
  if (principal.means === "service") throw new TokenInsufficient("user");
  const suggested = decisionId === null ? [] : await suggestRoles(principal, decisionId);
  const all = await listRoleNamesOf(principal.organizationId);
  return { suggested, others: all.filter(({ id }) => !suggested.some((role) => role.id === id)) };
}

export interface PendingRequest extends AccessRequest {
  /** What the role gives, and what of it the user does not hold yet. */
  gives: { key: string; description: string }[];
  gained: string[];
  /** What the caller lacks to decide about it. */
  missing: string[];
  own: boolean;
}

export interface Inbox {
  pending: PendingRequest[];
  /** Emergencies that nobody else has looked at. */
  unacknowledged: AccessRequest[];
  inForce: AccessRequest[];
  past: AccessRequest[];
}

/** What waits in the caller's organization, what is in force, and what is over. */
export async function listInbox(caller: Caller): Promise<Inbox> {
  await authorizeToOffer(caller, ACCESS_PERMISSIONS.approve);
  const { organizationId } = caller.principal;
  return inTransaction(async (tx) => {
    const pending: PendingRequest[] = [];
    for (const row of await listShelf("pending", organizationId, LISTED_MAX, tx)) {
      const described = await describe(caller, row, tx);
      if (described !== null) pending.push(described);
    }
    const shelf = async (name: "unacknowledged" | "in-force" | "past") =>
      (await listShelf(name, organizationId, LISTED_MAX, tx)).map(shown);
    return {
      pending,
      unacknowledged: await shelf("unacknowledged"),
      inForce: await shelf("in-force"),
      past: await shelf("past"),
    };
  });
}

/** Null once the organization cannot use the role any more. */
async function describe(
  { principal }: Caller,
  row: AccessRequestRow,
  tx: Db,
): Promise<PendingRequest | null> {
  const { organizationId, userId } = principal;
  const role = await roleOf(row, tx);
  if (role === null) return null;
  return {
    ...shown(row),
    ...(await gainOf(row.userId, role, organizationId, tx)),
    missing: await listMissing(principal, await requiredFor(role, organizationId, tx), tx),
    own: row.userId === userId,
  };
}

/** By which request somebody has which role now; nothing for whoever answers none. */
export async function listRequestsInForce(
  caller: Caller,
  userId: string,
): Promise<AccessRequest[]> {
  if (!isId(userId) || !(await can(caller, ACCESS_PERMISSIONS.approve))) return [];
  return (await listRowsInForce(userId, caller.principal.organizationId)).map(shown);
}

/** How much waits for the caller; null for whoever answers nothing. */
export async function countOwnInbox(caller: Caller): Promise<number | null> {
  if (!(await can(caller, ACCESS_PERMISSIONS.approve))) return null;
  const { organizationId, userId } = caller.principal;
  return countWaiting(organizationId, userId, WAITING_MAX);
}
