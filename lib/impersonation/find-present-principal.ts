import "server-only";
import { can } from "@/lib/authz/decide";
import { listEvadedDenials } from "@/lib/authz/evaded-denials";
import { listBeyond } from "@/lib/authz/within-own";
import { endImpersonation } from "@/lib/impersonation/end-impersonation";
import { listAdministrative } from "@/lib/impersonation/judge-subject";
import { IMPERSONATION_PERMISSIONS } from "@/lib/impersonation/permissions";
import { inTransaction } from "@/lib/platform/db/transaction";
import {
  type Asking,
  findPrincipalOfSession,
  findPrincipalOrImpersonated,
} from "@/lib/sessions/current-principal";
import { holdOf } from "@/lib/shared/assurance";
import type { RequestFacts } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";
import { askedUser } from "@/lib/users/user-resource";

/**
 * The principal behind a session cookie's value, also where somebody acts as the user: as long as
 * they still may, asked anew at every request, of the session by which they began it and what they
 * and the user hold now. As soon as they may not, the session ends, on record (F101, ATK-44).
 */
export async function findPresentPrincipal(
  cookieValue: string | undefined,
  request: RequestFacts,
  permissions: readonly Permission[],
  asking: Asking = {},
): Promise<Principal | null> {
  const principal = await findPrincipalOrImpersonated(cookieValue, asking);
  if (principal?.act === undefined) return principal;
  const { act, session, organizationId } = principal;
  const impersonator = await findPrincipalOfSession(act.sessionId, act.userId, null, asking);
  const reason =
    impersonator?.organizationId !== organizationId || holdOf(impersonator) !== null
      ? "impersonator_left"
      : (await mayActAs(impersonator, principal, request, permissions))
        ? null
        : "not_allowed_any_more";
  if (reason === null) return principal;
  await inTransaction((tx) => endImpersonation(session.id, { reason, by: { request } }, tx));
  return null;
}

async function mayActAs(
  impersonator: Principal,
  user: Principal,
  request: RequestFacts,
  permissions: readonly Permission[],
): Promise<boolean> {
  const caller = { principal: impersonator, request };
  const { userId } = user;
  const record = await askedUser(caller, userId);
  if (!(await can(caller, IMPERSONATION_PERMISSIONS.impersonate, record))) return false;
  if ((await listBeyond(caller, userId)).length > 0) return false;
  return inTransaction(async (tx) => {
    const administrative = await listAdministrative(userId, impersonator, permissions, tx);
    return administrative.length === 0 && (await listEvadedDenials(caller, user, tx)).length === 0;
  });
}
