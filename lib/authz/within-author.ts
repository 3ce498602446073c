import "server-only";
import { type Author, listAllowedAlone } from "@/lib/authz/allowed-alone";
import { listDecidedByPlaceIn, listDecidedByRoles } from "@/lib/authz/decided-store";
import { distinct, type Holding, missingFrom, permissionKeysOf } from "@/lib/authz/holdings";
import {
  listCandidateRows,
  listContents,
  listMemberRows,
  listRolesOf,
  type MemberRow,
} from "@/lib/authz/holdings-store";
import { listPolicyAllowed, readRulesOfUsers } from "@/lib/authz/load-rules";
import { couldBeAllowed, findStillAllowed, listGivableOfUser } from "@/lib/authz/still-allowed";
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
 * What each of these holds, is allowed alone, or gives, that a user lacks now, by id; those within what the user
 * holds are left out. Every one of them is beyond a user who is no active member, or whom nothing
 * could allow this any more. For what is done by the right of somebody who may not be there (ATK-42).
 */
export async function measureBeyond(
  authorId: string,
  permission: Permission,
  organizationId: string,
  subjects: Subjects,
  tx: Db,
): Promise<Map<string, string[]>> {
  const ids = [...subjects.userIds, ...subjects.clientIds, ...subjects.roleIds];
  const [author] = await findStillAllowed(permission, organizationId, [authorId], tx);
  if (author === undefined) return new Map(ids.map((id) => [id, [permission.key]]));
  const held = await listGivableOfUser(authorId, organizationId, tx);

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
  const alone = await listAllowedAlone(subjects, asAuthor(author, organizationId), tx);
  for (const [subjectId, allowed] of alone) {
    const missing = missingFrom(held, allowed);
    if (missing.length > 0) beyond.set(subjectId, [...(beyond.get(subjectId) ?? []), ...missing]);
  }
  return new Map([...beyond].map(([id, missing]) => [id, permissionKeysOf(missing)]));
}

const asAuthor = ({ id, email }: MemberRow, organizationId: string): Author => ({
  means: "session",
  userId: id,
  email,
  organizationId,
});

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
  const held = await listGivableOfUser(authorId, organizationId, tx);
  const measured = new Map<string, string[]>();
  const beyond = new Map<T, string[]>();
  for (const decider of deciders) {
    const { roleId, teamId, everywhere } = decider;
    const place = everywhere ? null : organizationId;
    const key = `${roleId ?? teamId} ${place}`;
    let missing = measured.get(key);
    if (missing === undefined) {
      missing = permissionKeysOf(
        missingFrom(held, await listDecidedOf(decider, organizationId, tx)),
      );
      measured.set(key, missing);
    }
    if (missing.length > 0) beyond.set(decider, missing);
  }
  return beyond;
}

/**
 * All that {@link measureBeyond} and {@link measureDecided} measure by, each once: what is stored
 * with a refusal, so that it can be made again.
 */
export async function listMeasured(
  authorId: string,
  organizationId: string,
  subjects: Subjects,
  deciders: Decider[],
  tx: Db,
): Promise<Holding[]> {
  const roles = await listRolesOf(subjects, organizationId, tx);
  const contents = Map.groupBy(
    await listContents([...new Set(roles.map(({ roleId }) => roleId))], tx),
    ({ roleId }) => roleId,
  );
  const required: Holding[] = [];
  for (const { roleId, organizationId: place } of roles) {
    for (const { permissionKey, condition } of contents.get(roleId) ?? []) {
      required.push({ permissionKey, condition, organizationId: place });
    }
  }
  const [author] = await listMemberRows([authorId], organizationId, tx);
  if (author !== undefined) {
    const alone = await listAllowedAlone(subjects, asAuthor(author, organizationId), tx);
    required.push(...[...alone.values()].flat());
  }
  for (const decider of deciders) {
    required.push(...(await listDecidedOf(decider, organizationId, tx)));
  }
  return distinct(required);
}

const listDecidedOf = (
  { roleId, teamId, everywhere }: Decider,
  organizationId: string,
  tx: Db,
): Promise<Holding[]> =>
  roleId !== null
    ? listDecidedByRoles([roleId], everywhere ? null : organizationId, tx)
    : listDecidedByPlaceIn(teamId ?? "", organizationId, tx);

/** Nobody picks from a longer list. */
const HOLDERS_MAX = 500;

/** Active members of the organization who could be allowed this there, by address; 500 at most. */
export async function listHolders(
  permission: Permission,
  organizationId: string,
): Promise<MemberRow[]> {
  const byPolicy = (await listPolicyAllowed(organizationId)).has(permission.key);
  const candidates = await inTransaction((tx) =>
    listCandidateRows(permission.key, organizationId, byPolicy, HOLDERS_MAX, tx),
  );
  const rules = await readRulesOfUsers(
    candidates.map(({ id }) => id),
    organizationId,
  );
  return candidates.filter((member) => {
    const loaded = rules.get(member.id);
    return loaded !== undefined && couldBeAllowed(loaded, permission, member, organizationId);
  });
}
