import { beforeAll, expect, test } from "vitest";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import type { Rule } from "@/lib/authz/rule";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { KEY_PERMISSIONS } from "@/lib/keys/permissions";
import { findServicePrincipal } from "@/lib/service-accounts/find-service-principal";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { anInstance, aRequest, callerWith } from "@/tests/support/builders";
import { cedarAllows } from "@/tests/support/cedar";
import {
  askerOf,
  gatherRules,
  readTables,
  serviceAskerOf,
  type Tables,
} from "@/tests/support/effective";
import { aSessionIn } from "@/tests/support/organizations";
import { changeRows, type Rows, removeRows, writeRandomRows } from "@/tests/support/random-rows";
import { Random } from "@/tests/support/random-world";

// From rows in the database to an answer, twice. Once by the product: its session query, its loader
// with its cache, its evaluation. Once by others: the rows are walked by tests/support/effective.ts,
// which knows nothing of the product's queries, and Cedar decides on what that finds.

const WORLDS = 25;

const ABOUT_INVOICES: Permission[] = [INVOICE_PERMISSIONS.view, INVOICE_PERMISSIONS.update];
const ABOUT_NOTHING: Permission[] = [AUDIT_PERMISSIONS.view, KEY_PERMISSIONS.view];

beforeAll(async () => {
  await anInstance();
});

/** Nobody is there of whom these could be asked. */
const OF_PEOPLE = /"(?:assurance|email-domain)"/;

/** What Cedar decides on the rules that somebody else has gathered; null where it cannot be asked. */
function decidedByOthers(
  tables: Tables,
  { principal, request }: Caller,
  { key, resourceType }: Permission,
  resource: Record<string, unknown>,
): boolean | null {
  const { userId: id, organizationId, email, means, session, asOf } = principal;
  const isService = means === "service";
  const asker = isService
    ? serviceAskerOf(tables, id, organizationId)
    : askerOf(tables, id, organizationId, asOf);
  const rules = gatherRules(tables, asker, organizationId)
    .filter((rule) => rule.key === key)
    .map(({ effect, condition }) => ({ effect, condition, fields: [] }) as unknown as Rule);
  if (isService && OF_PEOPLE.test(JSON.stringify(rules))) return null;
  const ageSeconds = isService
    ? 0
    : Math.floor((asOf.getTime() - session.authTime.getTime()) / 1_000);
  const facts = {
    principal: {
      kind: isService ? ("service" as const) : ("user" as const),
      id,
      organizationId,
      email,
      roleIds: [...asker.roles],
      teamIds: [...asker.teams],
    },
    context: {
      at: asOf.toISOString(),
      authTime: new Date(asOf.getTime() - ageSeconds * 1_000).toISOString(),
      ip: request.ip,
      means,
      acr: session.acr,
    },
  };
  return cedarAllows({ permissionKey: key, resourceType, facts, rules, resource });
}

const anInvoice = (random: Random, { userIds, here }: Rows) => ({
  id: here,
  ownerId: random.pick(userIds),
  amount: random.pick([0, 1, 499, 500, 501, 1_000_000]),
  currency: random.pick(["EUR", "USD", "JPY"]),
  customer: random.pick(["Ärzte & Söhne", "acme", "ACME", "a", ""]),
  status: random.pick(["draft", "sent", "paid", "void"]),
});

const seen = { allowed: 0, denied: 0 };

async function compare(
  random: Random,
  rows: Rows,
  askers: (() => Promise<Caller>)[],
  told: string,
) {
  const tables = await readTables();
  for (const asker of askers) {
    const { principal } = await asker();
    const ip = random.pick(["192.0.2.1", "198.51.100.7", "2001:db8::1", "203.0.113.9"]);
    const caller: Caller = { principal, request: aRequest({ ip }) };
    for (const permission of [...ABOUT_INVOICES, ...ABOUT_NOTHING]) {
      const row = anInvoice(random, rows);
      const expected = decidedByOthers(tables, caller, permission, row);
      if (expected === null) continue;
      const isAboutInvoices = ABOUT_INVOICES.includes(permission);
      const answer = await can(caller, permission, isAboutInvoices ? row : undefined);
      seen[answer ? "allowed" : "denied"] += 1;
      const where = `${told}: ${permission.key} of ${principal.userId} in ${principal.organizationId}`;
      expect(answer, where).toBe(expected);
    }
  }
}

test("from random rows to an answer, the product agrees with a walk over the rows and Cedar (F90, F92, F99)", async () => {
  for (let seed = 1; seed <= WORLDS; seed += 1) {
    const random = new Random(seed);
    const rows = await writeRandomRows(random);
    const cookies: string[] = [];
    for (const userId of rows.userIds) {
      for (const place of [rows.here, rows.elsewhere])
        cookies.push(await aSessionIn(userId, place));
    }
    const people = cookies.map((cookie) => () => callerWith(cookie));
    const service = async (): Promise<Caller> => {
      const principal = await findServicePrincipal(rows.service);
      if (principal === null) throw new Error("the service account is not there");
      return { principal, request: aRequest() };
    };
    await compare(random, rows, [...people, service], `seed ${seed}`);
    // Once more from what is kept, and after rows have changed behind its back.
    await changeRows(random, rows);
    await compare(random, rows, [...people, service], `seed ${seed}, changed`);
    await removeRows(rows);
  }
  expect(seen.allowed + seen.denied).toBeGreaterThan(1_500);
  expect(Math.min(seen.allowed, seen.denied)).toBeGreaterThan(400);
}, 300_000);
