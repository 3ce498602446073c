import "server-only";
import { listDecidedByPlaceIn, listDecidedByRoles } from "@/lib/authz/decided-store";
import { type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import {
  type HolderRow,
  listContents,
  listHolderRows,
  listRolesOf,
} from "@/lib/authz/holdings-store";
import { listHoldingsOfUser } from "@/lib/authz/own-holdings";
import type { Db } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { Permission } from "@/lib/shared/permission";

/** Whom or what somebody's right is measured against. */
export interface Subjects {
  userIds: string[];
  clientIds: string[];
  /** As if they were given in the organization. */
  roleIds: string[];
}

/**
 * What each of these holds, or gives, that a user lacks now, by id; those within what the user
 * holds are left out. Every one of them is beyond a user who is not active or does not hold the
 * permission outright: whether its condition is met is nobody's to say where nobody asks. For what
 * is done by the right of somebody who may not be there (ATK-42).
 */
export async function measureBeyond(
  authorId: string,
  permission: Permission,
  organizationId: string,
  subjects: Subjects,
  tx: Db,
): Promise<Map<string, string[]>> {
  const held = await listHoldingsOfUser(authorId, tx);
  const ids = [...subjects.userIds, ...subjects.clientIds, ...subjects.roleIds];
  const mayAtAll = held.some(
    (holding) =>
      holding.permissionKey === permission.key &&
      holding.condition === null &&
      [null, organizationId].includes(holding.organizationId),
  );
  if (!mayAtAll) return new Map(ids.map((id) => [id, [permission.key]]));

  const roles = await listRolesOf(subjects, organizationId, tx);
  const contents = Map.groupBy(
    await listContents([...new Set(roles.map(({ roleId }) => roleId))], tx),
    ({ roleId }) => roleId,
  );
  // Many have the same few roles: each is compared once for each place that it holds in.
  const measured = new Map<string, Holding[]>();
  const missingOf = (roleId: string, place: string | null): Holding[] => {
    const key = `${roleId} ${place}`;
    const known = measured.get(key);
    if (known !== undefined) return known;
    const given = (contents.get(roleId) ?? []).map(({ permissionKey, condition }) => ({
      permissionKey,
      condition,
      organizationId: place,
    }));
    const missing = missingFrom(held, given);
    measured.set(key, missing);
    return missing;
  };
  const beyond = new Map<string, Holding[]>();
  for (const { subjectId, roleId, organizationId: place } of roles) {
    const missing = missingOf(roleId, place);
    if (missing.length > 0) beyond.set(subjectId, [...(beyond.get(subjectId) ?? []), ...missing]);
  }
  return new Map([...beyond].map(([id, missing]) => [id, permissionKeysOf(missing)]));
}

/** A role that somebody or something has, or else somebody's place in a team. */
export interface Decider {
  roleId: string | null;
  teamId: string | null;
  /** The role holds on the whole instance. */
  everywhere: boolean;
}

/**
 * What conditions and policies decide by each of these, and the user lacks now: taking one away can
 * lift what is denied to whoever has it (ATK-42). Those within what the user holds are left out.
 */
export async function measureDecided<T extends Decider>(
  authorId: string,
  organizationId: string,
  deciders: T[],
  tx: Db,
): Promise<Map<T, string[]>> {
  const held = await listHoldingsOfUser(authorId, tx);
  const measured = new Map<string, string[]>();
  const beyond = new Map<T, string[]>();
  for (const decider of deciders) {
    const { roleId, teamId, everywhere } = decider;
    const place = everywhere ? null : organizationId;
    const key = `${roleId ?? teamId} ${place}`;
    let missing = measured.get(key);
    if (missing === undefined) {
      const decided =
        roleId !== null
          ? await listDecidedByRoles([roleId], place, tx)
          : await listDecidedByPlaceIn(teamId ?? "", organizationId, tx);
      missing = permissionKeysOf(missingFrom(held, decided));
      measured.set(key, missing);
    }
    if (missing.length > 0) beyond.set(decider, missing);
  }
  return beyond;
}

/** Nobody picks from a longer list. */
const HOLDERS_MAX = 500;

/** Active members of the organization whose roles give the permission there outright, by address. */
export const listHolders = (permission: Permission, organizationId: string): Promise<HolderRow[]> =>
  inTransaction((tx) => listHolderRows(permission.key, organizationId, null, HOLDERS_MAX, tx));

/** Those of the users who are. */
export const findHolders = (
  permission: Permission,
  organizationId: string,
  among: string[],
  tx: Db,
): Promise<HolderRow[]> => listHolderRows(permission.key, organizationId, among, among.length, tx);
