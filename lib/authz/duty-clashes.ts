import "server-only";
import {
  type ConflictRow,
  countGrantsOf,
  type HolderRow,
  isAllowedBy,
  listAllowingPolicies,
  listGivers,
  listServicesWithBoth,
  listUsersWithBoth,
  type Side,
} from "@/lib/authz/duty-clash-store";
import type { Db } from "@/lib/platform/db/client";

/** Beyond this many it does not matter which side has more. */
const COUNT_MAX = 10_000;
/** No list of people is longer: PostgreSQL's largest integer. */
export const ALL = 2_147_483_647;

/** Somebody who holds both sides of a conflict in one organization. */
export interface Clash extends HolderRow {
  conflictId: string;
}

/** Both sides of a conflict in terms of roles and of policies that allow. */
export type Sides = (conflict: ConflictRow) => { left: Side; right: Side };

/** What gives each side of these conflicts now: two statements, however many there are. */
export async function sidesOf(conflicts: ConflictRow[], tx: Db): Promise<Sides> {
  const keys = [
    ...new Set(conflicts.flatMap(({ leftKeys, rightKeys }) => [...leftKeys, ...rightKeys])),
  ];
  const givers = await listGivers(keys, tx);
  const policies = await listAllowingPolicies(keys, tx);
  const sideOf = (side: string[]): Side => ({
    roleIds: [
      ...new Set(
        givers.flatMap((giver) => (side.includes(giver.permissionKey) ? [giver.roleId] : [])),
      ),
    ],
    policies: policies.filter(({ permissions }) => permissions.some((key) => side.includes(key))),
  });
  return ({ leftKeys, rightKeys }) => ({ left: sideOf(leftKeys), right: sideOf(rightKeys) });
}

/** For a policy everybody is looked at: it is never the side to start from, if the other has none. */
async function weightOf(side: Side, tx: Db): Promise<number> {
  if (side.policies.length > 0) return COUNT_MAX + 1;
  return countGrantsOf(side.roleIds, COUNT_MAX, tx);
}

/** Who holds both sides of a conflict, in one organization or in any. */
export async function clashesOf(
  conflict: ConflictRow,
  sides: Sides,
  {
    within = conflict.organizationId,
    countMax = ALL,
  }: { within?: string | null; countMax?: number },
  tx: Db,
): Promise<Clash[]> {
  const { left, right } = sides(conflict);
  if (isGivenByNothing(left) || isGivenByNothing(right)) return [];
  const [leftWeight, rightWeight] = [await weightOf(left, tx), await weightOf(right, tx)];
  const [rare, other] = leftWeight <= rightWeight ? [left, right] : [right, left];
  const users = await listUsersWithBoth(rare, other, within, countMax, tx);
  const services = await listServicesWithBoth(left, right, within, countMax, tx);
  return [...users, ...services].map((row) => ({ ...row, conflictId: conflict.id }));
}

/** Whether a policy could allow somebody one of the two sides in the organization. */
export const isAllowedSide = (
  asker: { kind: "user" | "service"; id: string },
  organizationId: string,
  { left, right }: ReturnType<Sides>,
  tx: Db,
): Promise<boolean> =>
  isAllowedBy(asker, organizationId, [...left.policies, ...right.policies], tx);

const isGivenByNothing = ({ roleIds, policies }: Side): boolean =>
  roleIds.length === 0 && policies.length === 0;
