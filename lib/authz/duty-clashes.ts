import "server-only";
import {
  type ConflictRow,
  countGrantsOf,
  type HolderRow,
  listGivers,
  listOpenPolicies,
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

/** Both sides of a conflict in terms of roles and of policies that are for everybody. */
export type Sides = (conflict: ConflictRow) => { left: Side; right: Side };

/** What gives each side of these conflicts now: two statements, however many there are. */
export async function sidesOf(conflicts: ConflictRow[], tx: Db): Promise<Sides> {
  const keys = [
    ...new Set(conflicts.flatMap(({ leftKeys, rightKeys }) => [...leftKeys, ...rightKeys])),
  ];
  const givers = await listGivers(keys, tx);
  const policies = await listOpenPolicies(keys, tx);
  const sideOf = (side: string[]): Side => {
    const open = policies.filter(({ permissions }) =>
      permissions.some((key) => side.includes(key)),
    );
    return {
      roleIds: [
        ...new Set(
          givers.flatMap((giver) => (side.includes(giver.permissionKey) ? [giver.roleId] : [])),
        ),
      ],
      organizationIds: open.flatMap(({ organizationId }) => organizationId ?? []),
      everywhere: open.some(({ organizationId }) => organizationId === null),
    };
  };
  return ({ leftKeys, rightKeys }) => ({ left: sideOf(leftKeys), right: sideOf(rightKeys) });
}

/** A policy for everybody is never the side to start from, as long as the other one is none. */
async function weightOf(side: Side, tx: Db): Promise<number> {
  if (side.everywhere || side.organizationIds.length > 0) return COUNT_MAX + 1;
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

const isGivenByNothing = ({ roleIds, organizationIds, everywhere }: Side): boolean =>
  roleIds.length === 0 && organizationIds.length === 0 && !everywhere;
