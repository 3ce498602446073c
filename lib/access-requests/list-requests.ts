import "server-only";
import {
  type AccessRequestRow,
  countWaiting,
  listRowsInForce,
  listRowsOf,
  listShelf,
  type Shelf,
} from "@/lib/access-requests/access-request-store";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import { roleOf } from "@/lib/access-requests/review-request";
import { authorizeToOffer } from "@/lib/authz/authorize";
import { can } from "@/lib/authz/decide";
import {
  gainOf,
  listRoleNamesOf,
  type NamedRole,
  suggestRoles,
} from "@/lib/authz/requestable-roles";
import { requiredForRoles } from "@/lib/authz/usable-roles";
import { listMissing } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { inTransaction } from "@/lib/platform/db/transaction";
import { requireUser } from "@/lib/shared/assurance";
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
  requireUser(principal);
  const { userId, organizationId } = principal;
  const rows = await inTenant(organizationId, (tenant) =>
    listRowsOf(userId, organizationId, LISTED_MAX, tenant),
  );
  return rows.map(shown);
}

/**
 * What the caller may ask for: the names of roles, and no more of them. After a refusal of their own,
 * those that would have given what was refused come first.
 */
export async function listRequestableRoles(
  { principal }: Caller,
  decisionId: string | null,
): Promise<{ suggested: NamedRole[]; others: NamedRole[] }> {
  requireUser(principal);
  const suggested = decisionId === null ? [] : await suggestRoles(principal, decisionId);
  const all = await listRoleNamesOf(principal.organizationId);
  return { suggested, others: all.filter(({ id }) => !suggested.some((role) => role.id === id)) };
}

/** Whether there is a role that would have given what the caller was refused, for the page that says so. */
export const mayAskAfter = async ({ principal }: Caller, decisionId: string): Promise<boolean> =>
  (await suggestRoles(principal, decisionId)).length > 0;

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
    const { waiting, ...others } = await inTenant(
      organizationId,
      async (tenant) => {
        const shelf = (name: Shelf) => listShelf(name, organizationId, LISTED_MAX, tenant);
        return {
          waiting: await shelf("pending"),
          unacknowledged: (await shelf("unacknowledged")).map(shown),
          inForce: (await shelf("in-force")).map(shown),
          past: (await shelf("past")).map(shown),
        };
      },
      tx,
    );
    const pending: PendingRequest[] = [];
    for (const row of waiting) {
      const described = await describe(caller, row, tx);
      if (described !== null) pending.push(described);
    }
    return { pending, ...others };
  });
}

/** Null once the organization cannot use the role any more. */
async function describe(
  caller: Caller,
  row: AccessRequestRow,
  tx: Db,
): Promise<PendingRequest | null> {
  const { organizationId, userId } = caller.principal;
  const role = await roleOf(row, tx);
  if (role === null) return null;
  return {
    ...shown(row),
    ...(await gainOf(row.userId, role, organizationId, tx)),
    missing: await listMissing(caller, await requiredForRoles([role], organizationId, tx), tx),
    own: row.userId === userId,
  };
}

/** By which request somebody has which role now; nothing for whoever answers none. */
export async function listRequestsInForce(
  caller: Caller,
  userId: string,
): Promise<AccessRequest[]> {
  if (!isId(userId) || !(await can(caller, ACCESS_PERMISSIONS.approve))) return [];
  const { organizationId } = caller.principal;
  const rows = await inTenant(organizationId, (tenant) =>
    listRowsInForce(userId, organizationId, tenant),
  );
  return rows.map(shown);
}

/** How much waits for the caller; null for whoever answers nothing. */
export async function countOwnInbox(caller: Caller): Promise<number | null> {
  if (!(await can(caller, ACCESS_PERMISSIONS.approve))) return null;
  const { organizationId, userId } = caller.principal;
  return inTenant(organizationId, (tenant) =>
    countWaiting(organizationId, userId, WAITING_MAX, tenant),
  );
}
