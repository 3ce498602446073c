import "server-only";
import {
  type ConflictRow,
  listConflictRows,
  listHolderNames,
  listWaivedRows,
  shareInstance,
  userHolds,
} from "@/lib/authz/duty-clash-store";
import { type Clash, clashesOf, sidesOf } from "@/lib/authz/duty-clashes";
import type { Db } from "@/lib/platform/db/client";

/** Somebody would come to hold both of what nobody may hold together. */
export interface DutyRejection {
  outcome: "rejected";
  reason: "duty-conflict";
  /** What the conflicts are called. */
  conflicts: string[];
  /** Addresses of people and names of service accounts, in the author's own organization. */
  people: string[];
  /** How many there are besides. */
  others: number;
}

/** As many people as a message names. */
const NAMED_MAX = 5;

const nameOf = ({ conflictId, holder, holderId, organizationId }: Clash): string =>
  [conflictId, holder, holderId, organizationId].join();

async function allClashes(conflicts: ConflictRow[], tx: Db): Promise<Clash[]> {
  const sides = await sidesOf(conflicts, tx);
  const clashes: Clash[] = [];
  for (const conflict of conflicts) clashes.push(...(await clashesOf(conflict, sides, {}, tx)));
  return clashes;
}

/**
 * Remembers who holds both sides of a conflict before a change, and says afterwards who has come to
 * (F98). What came out is what is judged, so that no path of giving something can be overlooked:
 * roles, what they inherit, teams, grants for a time, service accounts, memberships, policies that
 * allow and whatever their conditions ask of who somebody is. Without conflicts it costs one statement.
 */
export async function watchDuties(
  authorOrganizationId: string | null,
  tx: Db,
): Promise<() => Promise<DutyRejection | null>> {
  const conflicts = await listConflictRows(tx);
  const added = await watchClashes(conflicts, tx);
  return async () => {
    const clashes = await added();
    return clashes.length === 0 ? null : rejectionOf(clashes, conflicts, authorOrganizationId, tx);
  };
}

/** The same for what is not refused: who has come to hold what, each at its place. */
export const watchViolations = async (tx: Db): Promise<() => Promise<Clash[]>> =>
  watchClashes(await listConflictRows(tx), tx);

async function watchClashes(conflicts: ConflictRow[], tx: Db): Promise<() => Promise<Clash[]>> {
  if (conflicts.length === 0) return async () => [];
  const before = new Set((await allClashes(conflicts, tx)).map(nameOf));
  return async () => {
    const after = await allClashes(conflicts, tx);
    return unwaived(
      after.filter((clash) => !before.has(nameOf(clash))),
      tx,
    );
  };
}

/** Those that no waiver covers. A service account never has one: it is not somebody to trust. */
async function unwaived(clashes: Clash[], tx: Db): Promise<Clash[]> {
  const open: Clash[] = [];
  for (const conflictId of new Set(clashes.map((clash) => clash.conflictId))) {
    const ofConflict = clashes.filter((clash) => clash.conflictId === conflictId);
    const userIds = ofConflict.flatMap(({ holder, holderId }) =>
      holder === "user" ? [holderId] : [],
    );
    const waived = new Set(
      (await listWaivedRows(conflictId, userIds, tx)).map(
        ({ userId, organizationId }) => `${userId},${organizationId}`,
      ),
    );
    open.push(
      ...ofConflict.filter(
        ({ holderId, organizationId }) => !waived.has(`${holderId},${organizationId}`),
      ),
    );
  }
  return open;
}

async function rejectionOf(
  clashes: Clash[],
  conflicts: ConflictRow[],
  authorOrganizationId: string | null,
  tx: Db,
): Promise<DutyRejection> {
  // Who is in other organizations is nobody's business here (ATK-43).
  const own = clashes.filter(({ organizationId }) => organizationId === authorOrganizationId);
  const ids = [...new Set(own.map(({ holderId }) => holderId))].slice(0, NAMED_MAX);
  const all = new Set(clashes.map(({ holderId }) => holderId));
  const violated = new Set(clashes.map(({ conflictId }) => conflictId));
  return {
    outcome: "rejected",
    reason: "duty-conflict",
    conflicts: conflicts.filter(({ id }) => violated.has(id)).map(({ name }) => name),
    people: ids.length === 0 ? [] : (await listHolderNames(ids, tx)).map(({ name }) => name),
    others: all.size - ids.length,
  };
}

/**
 * Whether the user holds both sides of a conflict in the organization, or would as its member. For roles that somebody gets of their own
 * accord: nobody is there who could be refused a change. Call {@link holdGrants} first.
 */
export async function holdsBothSides(
  userId: string,
  organizationId: string,
  tx: Db,
): Promise<boolean> {
  const conflicts = await listConflictRows(tx);
  if (conflicts.length === 0) return false;
  const sides = await sidesOf(conflicts, tx);
  for (const conflict of conflicts) {
    if (conflict.organizationId !== null && conflict.organizationId !== organizationId) continue;
    const { left, right } = sides(conflict);
    if (await userHolds(userId, organizationId, [left, right], tx)) return true;
  }
  return false;
}

/**
 * Makes a grant that {@link watchDuties} does not judge and changes of grants wait for each other, where
 * there is a conflict to judge.
 */
export async function holdGrants(tx: Db): Promise<void> {
  if ((await listConflictRows(tx)).length > 0) await shareInstance(tx);
}
