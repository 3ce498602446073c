import "server-only";
import { subject } from "@casl/ability";
import { accessibleBy } from "@casl/prisma/runtime";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { loadAbility } from "@/lib/authz/load-ability";
import {
  AAL2,
  demandSecondFactor,
  isAtLeast,
  requireAssurance,
  SENSITIVE,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/** `no-grant`: no role gives the permission. `condition-not-met`: one does, but not for this record. */
export type DenialReason = "no-grant" | "condition-not-met";

/** The answer 403: authenticated, not allowed. The decision's id leads to its audit event. */
export class AccessDenied extends Error {
  constructor(
    readonly decisionId: string,
    readonly permission: Permission,
    readonly reason: DenialReason,
  ) {
    super(`${permission.key} was denied: ${reason}`);
    this.name = "AccessDenied";
  }
}

type Row = Record<string, unknown> & { id: string };

export type Decision = { allowed: true } | { allowed: false; reason: DenialReason };

/** The same decision as {@link authorize} without consequences: for buttons and menus. */
export async function can(
  principal: Principal,
  permission: Permission,
  resource?: Row,
): Promise<boolean> {
  return (await decide(principal, permission, resource)).allowed;
}

export async function decide(
  principal: Principal,
  permission: Permission,
  resource?: Row,
): Promise<Decision> {
  const { ability } = await loadAbility(principal);
  // A copy, because CASL marks the object it is given with the resource type.
  const target = resource
    ? subject(permission.resourceType, { ...resource })
    : permission.resourceType;
  if (ability.can(permission.key, target)) return { allowed: true };
  const heldElsewhere = ability.can(permission.key, permission.resourceType);
  return {
    allowed: false,
    reason: heldElsewhere ? "condition-not-met" : "no-grant",
  };
}

/**
 * Returns when the caller may do this, and otherwise throws {@link AccessDenied}
 * after the refusal is in the audit log. Throws `AssuranceInsufficient`
 * when administration asks for a second factor that the session lacks (F20), and
 * when the permission is sensitive and the last proof is too old (F22). Without a resource it asks whether the
 * permission is held for any record at all, as before a list or a creation.
 */
export async function authorize(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<void> {
  await authorizeToOffer(caller, permission, resource);
  if (permission.sensitive) requireAssurance(caller.principal, SENSITIVE);
}

/**
 * The same for a page that offers what the permission is for: a proof may be as old as it
 * likes while nothing is done, and whoever does it is asked then.
 */
export async function authorizeToOffer(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<void> {
  const decision = await decide(caller.principal, permission, resource);
  if (decision.allowed) {
    const { adminMfaRequired, session } = caller.principal;
    if (permission.administrative && adminMfaRequired && !isAtLeast(session.acr, AAL2)) {
      demandSecondFactor(caller.principal);
    }
    return;
  }
  // A page's refusal is rendered before the decision is made and has to name it
  // all the same, so the first refusal of a request has the name that came with it.
  const decisionId = await recordDenial(
    {
      id: caller.request.decisionId,
      actor: actorOfPrincipal(caller.principal),
      target: resource && {
        type: permission.resourceType.toLowerCase(),
        id: resource.id,
      },
      reason: `${permission.key}: ${decision.reason}`,
    },
    caller.request,
  );
  throw new AccessDenied(decisionId, permission, decision.reason);
}

/**
 * The Prisma filter for the rows that the permission reaches, after the same
 * rules as {@link authorize}. Matches no row when nothing is granted.
 */
export async function accessibleRows(principal: Principal, permission: Permission) {
  const { ability } = await loadAbility(principal);
  // CASL types the filter by the model's name, which a permission has at run time only.
  return accessibleBy(ability as never, permission.key as never).ofType(
    permission.resourceType as never,
  ) as Record<string, unknown>;
}

/** The keys of every permission held, each once and sorted. */
export async function listPermissionKeys(principal: Principal): Promise<string[]> {
  const { grants } = await loadAbility(principal);
  return [...new Set(grants.map((grant) => grant.permissionKey))].sort();
}

/** The names of the roles that grant something here, each once and sorted. */
export async function listRoleNames(principal: Principal): Promise<string[]> {
  const { grants } = await loadAbility(principal);
  return [...new Set(grants.map((grant) => grant.roleName))].sort();
}
