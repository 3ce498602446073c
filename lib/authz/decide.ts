import "server-only";
import { accessibleBy } from "@casl/prisma/runtime";
import { compileAbility, type Row } from "@/lib/authz/ability";
import { evaluate, hiddenFields, type Question, type Verdict } from "@/lib/authz/evaluate";
import { type Facts, factsOf } from "@/lib/authz/facts";
import { type LoadedRules, loadRules } from "@/lib/authz/load-rules";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** What is asked about a permission, with all that the answer is made from. */
export function questionOf(
  loaded: LoadedRules,
  facts: Facts,
  { key, resourceType }: Pick<Permission, "key" | "resourceType">,
  resource: Row | null,
): Question {
  const rules = loaded.rules.get(key) ?? [];
  return { permissionKey: key, resourceType, facts, rules, resource };
}

/** The question of this caller, here and now. */
export async function askAbout(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<{ question: Question; loaded: LoadedRules }> {
  const loaded = await loadRules(caller.principal);
  const facts = factsOf(caller, loaded.held);
  return { question: questionOf(loaded, facts, permission, resource ?? null), loaded };
}

/** The decision alone, without consequences; without a record, for any record at all. */
export async function decide(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<Verdict> {
  return evaluate((await askAbout(caller, permission, resource)).question);
}

/** The same as yes or no: for buttons and menus. */
export async function can(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<boolean> {
  return (await decide(caller, permission, resource)).allowed;
}

/** The filter, in Prisma's language, of the records for which the question is answered with yes. */
export function rowsOf(question: Question): Record<string, unknown> {
  const { permissionKey, resourceType, rules, facts } = question;
  const ability = compileAbility(question, rules, facts);
  // CASL types the filter by the model's name, which a permission has at run time only.
  return accessibleBy(ability as never, permissionKey as never).ofType(
    resourceType as never,
  ) as Record<string, unknown>;
}

/**
 * The Prisma filter for the rows that the permission reaches, after the same
 * rules as a check. Matches no row when nothing is granted.
 */
export async function accessibleRows(caller: Caller, permission: Permission) {
  return rowsOf((await askAbout(caller, permission)).question);
}

/** The fields of the record that a policy hides from the caller. */
export async function listHiddenFields(
  caller: Caller,
  permission: Permission,
  resource?: Row,
): Promise<string[]> {
  return hiddenFields((await askAbout(caller, permission, resource)).question);
}
