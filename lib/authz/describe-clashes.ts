import "server-only";
import {
  type ConflictRow,
  listAllowed,
  listClashPaths,
  listHolderNames,
  listWaivedRows,
} from "@/lib/authz/duty-clash-store";
import { clashesOf, type Sides, sidesOf } from "@/lib/authz/duty-clashes";
import type { Db } from "@/lib/platform/db/client";

/** By what somebody holds one side: a role, and the team that has it; or a policy. */
export type ClashPath = RolePath | PolicyPath;

export interface RolePath {
  by: "role";
  side: "left" | "right";
  permissionKey: string;
  /** The role that was given, and the one among those it inherits that gives the permission. */
  roleName: string;
  givenRoleName: string;
  teamName: string | null;
  expiresAt: Date | null;
}

export interface PolicyPath {
  by: "policy";
  side: "left" | "right";
  permissionKey: string;
  policyName: string;
  /** False where it depends on the request or the record too: it could, and that counts. */
  sure: boolean;
}

export interface DescribedClash {
  conflictId: string;
  conflictName: string;
  holder: "user" | "service";
  holderId: string;
  /** The address of a user, the name of a client. */
  name: string;
  paths: ClashPath[];
  waivedUntil: Date | null;
}

/**
 * Who holds both sides of these conflicts in the organization, and by what; at most `countMax` of each
 * conflict. `more` says that there are others.
 */
export async function describeClashes(
  conflicts: ConflictRow[],
  organizationId: string,
  countMax: number,
  tx: Db,
): Promise<{ clashes: DescribedClash[]; more: boolean }> {
  const sides = await sidesOf(conflicts, tx);
  const described: DescribedClash[] = [];
  let more = false;
  for (const conflict of conflicts) {
    const found = await clashesOf(
      conflict,
      sides,
      { within: organizationId, countMax: countMax + 1 },
      tx,
    );
    more ||= found.length > countMax;
    const clashes = found.slice(0, countMax);
    const idsOf = (kind: DescribedClash["holder"]) =>
      clashes.flatMap(({ holder, holderId }) => (holder === kind ? [holderId] : []));
    const [userIds, clientIds] = [idsOf("user"), idsOf("service")];
    const keys = [...conflict.leftKeys, ...conflict.rightKeys];
    const paths = await listClashPaths({ userIds, clientIds }, keys, organizationId, tx);
    const names = new Map(
      (await listHolderNames([...userIds, ...clientIds], tx)).map(({ id, name }) => [id, name]),
    );
    const waivers = await listWaivedRows(conflict.id, userIds, tx);
    const allowed = await policyPaths(conflict, sides, { userIds, clientIds }, organizationId, tx);
    for (const { holder, holderId } of clashes) {
      const own = paths.filter((path) => path.holderId === holderId);
      const waiver = waivers.find(
        (row) => row.userId === holderId && row.organizationId === organizationId,
      );
      described.push({
        conflictId: conflict.id,
        conflictName: conflict.name,
        holder,
        holderId,
        name: names.get(holderId) ?? holderId,
        paths: [
          ...own.map(
            ({ holderId: _, ...path }): RolePath => ({
              ...path,
              by: "role",
              side: conflict.leftKeys.includes(path.permissionKey) ? "left" : "right",
            }),
          ),
          ...(allowed.get(holderId) ?? []),
        ],
        waivedUntil: waiver?.expiresAt ?? null,
      });
    }
  }
  return { clashes: described, more };
}

/** By which policies each of these could be allowed a side. */
async function policyPaths(
  conflict: ConflictRow,
  sides: Sides,
  holders: { userIds: string[]; clientIds: string[] },
  organizationId: string,
  tx: Db,
): Promise<Map<string, PolicyPath[]>> {
  const paths = new Map<string, PolicyPath[]>();
  const { left, right } = sides(conflict);
  for (const [side, keys, { policies }] of [
    ["left", conflict.leftKeys, left],
    ["right", conflict.rightKeys, right],
  ] as const) {
    for (const policy of policies) {
      const about = policy.permissions.filter((key) => keys.includes(key)).sort();
      for (const { holderId, sure } of await listAllowed(holders, policy, organizationId, tx)) {
        const own = about.map(
          (permissionKey): PolicyPath => ({
            by: "policy",
            side,
            permissionKey,
            policyName: policy.name,
            sure,
          }),
        );
        paths.set(holderId, [...(paths.get(holderId) ?? []), ...own]);
      }
    }
  }
  return paths;
}
