import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { type Authority, actorOf, asCaller, requestOf } from "@/lib/authz/authority";
import { findRoleIdsByName } from "@/lib/authz/find-roles";
import { type GuardRejection, inGuardedChange } from "@/lib/authz/guarded-change";
import type { Holding } from "@/lib/authz/holdings";
import {
  findUsableRoles,
  reachOfDefaultRoles,
  reachOfGrant,
  requiredForNewcomer,
} from "@/lib/authz/usable-roles";
import { type BeyondOwn, checkWithinOwn } from "@/lib/authz/within-own";
import { setFirstPasswordHashes } from "@/lib/credentials/password/set-password";
import type { Db } from "@/lib/platform/db/client";
import { inTenant } from "@/lib/platform/db/tenant";
import { newId } from "@/lib/platform/id";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { authorizeImport } from "@/lib/user-imports/authorize-import";
import { domainOf, ImportedUser } from "@/lib/user-imports/import-row";
import {
  advanceImport,
  findImport,
  holdImport,
  type ImportRecord,
  listNextRows,
  namesRoles,
  type SettledRow,
  settleRows,
} from "@/lib/user-imports/user-import-store";
import { createUsers } from "@/lib/users/create-user";
import { organizationOf } from "@/lib/users/govern-user";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** A transaction of well under a second, in which other changes of users wait. */
const BATCH_ROWS = 250;

export type ImportStep =
  | { outcome: "applied"; progress: ImportRecord }
  | { outcome: "not-found" }
  /** `bad-rows`: nothing is applied while there are some, unless they are to be left out. */
  | { outcome: "rejected"; reason: "bad-rows" | "unknown-role" }
  | BeyondOwn
  | GuardRejection;

/**
 * Makes the users of the next rows, all of them or none, and moves the cursor in the same
 * transaction: what broke off goes on with the first row that nobody made, and two who go on at once
 * take turns. Call it until the progress is finished; after that it changes nothing. Each call needs
 * what making these users needs, with the caller's rights of that moment (ATK-44).
 */
export async function applyImport(
  caller: Caller,
  importId: string,
  { skipBad }: { skipBad: boolean },
): Promise<ImportStep> {
  await authorizeImport(caller, await namesRoles(importId, caller.principal.organizationId));
  return apply(asCaller(caller), importId, skipBad);
}

/** The same from the command line of the machine. */
export const applyImportAsOperator = (
  request: RequestFacts,
  importId: string,
  { skipBad }: { skipBad: boolean },
): Promise<ImportStep> => apply({ kind: "operator", request }, importId, skipBad);

function apply(authority: Authority, importId: string, skipBad: boolean): Promise<ImportStep> {
  return inGuardedChange(authority, false, async (tx): Promise<ImportStep> => {
    const organizationId = await organizationOf(authority, tx);
    const record = await inTenant(
      organizationId,
      (tenant) => holdImport(importId, organizationId, tenant),
      tx,
    );
    if (record === null) return { outcome: "not-found" };
    if (record.state === "finished") return { outcome: "applied", progress: record };
    const begins = record.state === "checked";
    if (begins && record.badCount > 0 && !skipBad) {
      return { outcome: "rejected", reason: "bad-rows" };
    }
    const rows = (await listNextRows(importId, record.cursor, BATCH_ROWS, tx)).map(
      ({ pending, ...row }) => ({
        ...row,
        user: pending === null ? null : ImportedUser.parse(pending),
      }),
    );
    const users = rows.flatMap(({ user }) => user ?? []);
    const grants = await grantsOf(authority, users, organizationId, tx);
    if ("outcome" in grants) return grants;
    if (begins) await recordStep(authority, "started", record, tx);

    const ids = await makeUsers(authority, users, grants, organizationId, tx);
    const settled = rows.map(({ position, problem, user }): SettledRow => {
      const userId = (user && ids.get(user.email)) ?? null;
      return { position, userId, problem: userId === null ? (problem ?? TAKEN) : null };
    });
    await settleRows(importId, settled, tx);
    const created = settled.filter(({ userId }) => userId !== null).length;
    const to = record.cursor + rows.length;
    if (!(await advanceImport(importId, { from: record.cursor, to, created }, tx))) {
      throw new Error("the cursor of an import moved while it was held");
    }
    const progress = await inTenant(
      organizationId,
      (tenant) => findImport(importId, organizationId, tenant),
      tx,
    );
    if (progress === null) throw new Error("an import went while it was held");
    if (progress.state === "finished") await recordStep(authority, "finished", progress, tx);
    return { outcome: "applied", progress };
  });
}

const TAKEN = "Somebody has this address by now, or may yet take it back. They stay as they are.";

interface Grants {
  /** The ids of roles and where they hold, by the names as a row has them. */
  of(roles: string[]): { ids: string[]; holdIn: string | null };
}

const keyOf = (roles: string[]): string => JSON.stringify([...roles].sort());
const rolesKey = ({ roles }: ImportedUser): string => (roles === null ? "default" : keyOf(roles));

/** What the rows give, when the author may give all of it now (ATK-42). */
async function grantsOf(
  authority: Authority,
  users: ImportedUser[],
  organizationId: string,
  tx: Db,
): Promise<Grants | Exclude<ImportStep, { outcome: "applied" }>> {
  const known = await findRoleIdsByName(organizationId);
  const sets = new Map(
    users.flatMap(({ roles }) => (roles === null ? [] : [[keyOf(roles), roles]])),
  );
  const found = new Map<string, { ids: string[]; holdIn: string | null }>();
  const required: Holding[] = [];
  for (const [key, names] of sets) {
    const ids = names.flatMap((name) => known.get(name) ?? []);
    const roles = await findUsableRoles(ids, organizationId, tx);
    if (roles === null || ids.length < names.length) {
      return { outcome: "rejected", reason: "unknown-role" };
    }
    const reach = await reachOfGrant(authority, roles, organizationId, tx);
    required.push(...reach.required);
    found.set(key, { ids, holdIn: reach.holdIn });
  }
  // What is decided about newcomers depends on their domain and their roles, and on nothing else.
  const kinds = new Map(users.map((user) => [`${domainOf(user.email)} ${rolesKey(user)}`, user]));
  for (const { email, roles } of kinds.values()) {
    const roleIds = roles === null ? null : (found.get(keyOf(roles))?.ids ?? []);
    const newcomer = { id: newId(), email, roleIds };
    required.push(...(await requiredForNewcomer(authority, newcomer, organizationId, tx)));
  }
  const givesRoles = [...found.values()].some(({ ids }) => ids.length > 0);
  const permission = givesRoles ? USER_PERMISSIONS.assignRoles : USER_PERMISSIONS.manage;
  const beyond = await checkWithinOwn(authority, permission, required, undefined, tx);
  return (
    beyond ?? { of: (roles) => found.get(keyOf(roles)) ?? { ids: [], holdIn: organizationId } }
  );
}

/** The ids of who was made, by address: who is not there has an address that is not free. */
async function makeUsers(
  authority: Authority,
  users: ImportedUser[],
  grants: Grants,
  organizationId: string,
  tx: Db,
): Promise<Map<string, string>> {
  const [actor, request] = [actorOf(authority), requestOf(authority)];
  const defaultsHoldIn = await reachOfDefaultRoles(authority, organizationId, tx);
  const wanted = users.map(({ roles, emailVerified, passwordHash, ...user }) => {
    const given = roles === null ? null : grants.of(roles);
    return {
      passwordHash,
      row: {
        ...user,
        id: newId(),
        emailVerified: emailVerified ? new Date() : null,
        roles: given === null ? ("default" as const) : given.ids,
        rolesHoldIn: given === null ? defaultsHoldIn : given.holdIn,
      },
    };
  });
  const rows = wanted.map(({ row }) => row);
  const created = await createUsers(rows, organizationId, actor, request, tx);
  const made = wanted.filter(({ row }) => created.has(row.id));
  const hashes = made.flatMap(({ row, passwordHash: hash }) =>
    hash === null ? [] : { userId: row.id, hash },
  );
  await setFirstPasswordHashes(hashes, actor, request, tx);
  return new Map(made.map(({ row }) => [row.email, row.id]));
}

async function recordStep(
  authority: Authority,
  step: "started" | "finished",
  { id, rowCount, badCount, createdCount }: ImportRecord,
  tx: Db,
): Promise<void> {
  await recordEvent(
    {
      action: `user_import.${step}`,
      outcome: "success",
      actor: actorOf(authority),
      target: { type: "user_import", id },
      after:
        step === "started"
          ? { rows: rowCount, bad: badCount }
          : { rows: rowCount, created: createdCount },
    },
    requestOf(authority),
    tx,
  );
}
