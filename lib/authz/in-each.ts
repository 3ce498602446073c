import "server-only";
import type { Authority } from "@/lib/authz/authority";
import { listGivable } from "@/lib/authz/givable";
import { forNow, type Holding, missingFrom, toReach } from "@/lib/authz/holdings";
import { type BeyondOwn, checkHeld } from "@/lib/authz/within-own";
import type { Db } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

const neededIn = ({ key }: Permission, organizationIds: string[]): Holding[] =>
  forNow(
    organizationIds.map((organizationId) => ({
      permissionKey: key,
      condition: null,
      organizationId,
    })),
  );

/**
 * Whether the caller's roles give them the permission now in each of the organizations, and no policy
 * denies it, here or there. What a policy allows is used where somebody is, and reaches no other
 * organization. Asking leaves no event.
 */
export async function holdsInEach(
  caller: Caller,
  permission: Permission,
  organizationIds: string[],
  tx: Db,
): Promise<boolean> {
  if (organizationIds.length === 0) return true;
  const needed = neededIn(permission, organizationIds);
  return missingFrom(await listGivable(caller, tx, needed), needed).length === 0;
}

/** Null when the author does. A refusal is recorded, and one that could not be is an error, not a yes. */
export async function checkInEach(
  authority: Authority,
  permission: Permission,
  organizationIds: string[],
  target: { type: string; id: string },
  tx: Db,
): Promise<BeyondOwn | null> {
  if (authority.kind === "operator" || organizationIds.length === 0) return null;
  const { caller } = authority;
  const needed = neededIn(permission, organizationIds);
  const held = await listGivable(caller, tx, needed);
  if (missingFrom(held, needed).length === 0) return null;
  // The trace names none of them: which they are is nobody's business here (ATK-43).
  const own = held.filter(({ organizationId }) => !organizationIds.includes(organizationId ?? ""));
  const beyond = await checkHeld(caller, own, permission, toReach(permission, null), target, tx);
  if (beyond === null) throw new Error(`${permission.key} is held everywhere, and not in each`);
  return beyond;
}
