import "server-only";
import type { Authority } from "@/lib/authz/authority";
import { actorOf, requestOf } from "@/lib/authz/authority";
import { findRoleIdsByName } from "@/lib/authz/find-roles";
import { inGuardedChange } from "@/lib/authz/guarded-change";
import { findUsableRoles, reachOfGrant, requiredForNewcomer } from "@/lib/authz/usable-roles";
import { listMissing } from "@/lib/authz/within-own";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import { domainOf, type ImportedUser, ReadRow } from "@/lib/user-imports/import-row";
import { createUser } from "@/lib/users/create-user";
import { listTakenAddresses } from "@/lib/users/email-address";

/** Sets of roles that are tried out together; a batch judges them all once more. */
const ROLE_SETS_MAX = 100;

/**
 * Judges rows by what there is now: addresses that somebody has, roles that there are not, and what
 * the author may not give (ATK-42). A good row that is refused gets its problem, and loses its user.
 * Whatever changes meanwhile is judged again by the batch that applies the row.
 */
export async function judgeRows(
  rows: ReadRow[],
  authority: Authority,
  organizationId: string,
): Promise<void> {
  await judgeEach(rows, await addressJudge(rows));
  await judgeEach(rows, await roleJudge(rows, organizationId));
  if (authority.kind === "caller") {
    await judgeEach(rows, reachJudge(authority, organizationId));
    await judgeEach(rows, domainJudge(authority, organizationId));
  }
  await judgeEach(rows, dutyJudge(authority, organizationId));
}

type Judge = (user: ImportedUser) => string | null | Promise<string | null>;

async function judgeEach(rows: ReadRow[], judge: Judge): Promise<void> {
  for (const row of rows) {
    if (row.user === null) continue;
    const problem = await judge(row.user);
    if (problem === null) continue;
    row.problem = problem;
    row.user = null;
  }
}

/** Asks once for each key: thousands of rows have a handful of roles and domains. */
function remembered(ask: (key: string) => Promise<string | null>) {
  const answers = new Map<string, Promise<string | null>>();
  return (key: string): Promise<string | null> => {
    const answer = answers.get(key) ?? ask(key);
    answers.set(key, answer);
    return answer;
  };
}

async function addressJudge(rows: ReadRow[]): Promise<Judge> {
  const taken = await listTakenAddresses(rows.flatMap(({ user }) => user?.email ?? []));
  return ({ email }) =>
    taken.has(email)
      ? "There is a user with this address, who stays as they are. Take the line out."
      : null;
}

async function roleJudge(rows: ReadRow[], organizationId: string): Promise<Judge> {
  const isNeeded = rows.some(({ user }) => user?.roles);
  const known = isNeeded ? await findRoleIdsByName(organizationId) : new Map<string, string>();
  return ({ roles }) => {
    const unknown = roles?.find((name) => !known.has(name));
    return unknown === undefined
      ? null
      : `There is no role “${unknown.slice(0, 100)}” here. Create it, or give everybody the roles of new users.`;
  };
}

const lacking = (missing: string[], what: string): string | null =>
  missing.length === 0 ? null : `You lack ${missing.join(", ")}, which ${what}.`;

function reachJudge(
  authority: Extract<Authority, { kind: "caller" }>,
  organizationId: string,
): Judge {
  const { caller } = authority;
  const ask = remembered((name) =>
    inTransaction(async (tx) => {
      const id = (await findRoleIdsByName(organizationId)).get(name);
      const roles = await findUsableRoles(id === undefined ? [] : [id], organizationId, tx);
      const { required } = await reachOfGrant(authority, roles ?? [], organizationId, tx);
      const missing = await listMissing(caller, required, tx);
      return lacking(missing, `the role “${name}” gives`);
    }),
  );
  return async ({ roles }) => {
    for (const name of roles ?? []) {
      const problem = await ask(name);
      if (problem !== null) return problem;
    }
    return null;
  };
}

function domainJudge(
  authority: Extract<Authority, { kind: "caller" }>,
  organizationId: string,
): Judge {
  const { caller } = authority;
  const ask = remembered((domain) =>
    inTransaction(async (tx) => {
      const newcomer = { id: newId(), email: `newcomer@${domain}`, roleIds: null };
      const required = await requiredForNewcomer(authority, newcomer, organizationId, tx);
      const missing = await listMissing(caller, required, tx);
      return lacking(missing, `an address at ${domain} decides about`);
    }),
  );
  return ({ email }) => ask(domainOf(email));
}

/** Tries each set of roles out on a user who is taken back again. */
function dutyJudge(authority: Authority, organizationId: string): Judge {
  let count = 0;
  const ask = remembered(async (key) => {
    count += 1;
    if (count > ROLE_SETS_MAX) return null;
    const names = JSON.parse(key) as string[];
    let conflicts: string[] = [];
    await inGuardedChange(
      authority,
      true,
      async (tx) => {
        const known = await findRoleIdsByName(organizationId);
        const roles = names.flatMap((name) => known.get(name) ?? []);
        const id = newId();
        const row = { id, email: `${id}@import.invalid`, name: null, emailVerified: null };
        const user = { ...row, status: "pending" as const, organizationId, roles };
        await createUser(user, actorOf(authority), requestOf(authority), tx);
      },
      {
        before: async () => {},
        after: async (_tx, foretold) => {
          if (foretold?.reason === "duty-conflict") conflicts = foretold.conflicts;
        },
      },
    );
    return conflicts.length === 0
      ? null
      : `Nobody may hold these roles together (${conflicts.join(", ")}). Take one of them out.`;
  });
  return ({ roles }) =>
    roles === null || roles.length < 1 ? null : ask(JSON.stringify([...roles].sort()));
}
