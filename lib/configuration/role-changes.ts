import "server-only";
import { isDeepStrictEqual } from "node:util";
import {
  changeRoleAsOperator,
  createRoleAsOperator,
  deleteRoleAsOperator,
  type Heirs,
  setInheritanceAsOperator,
} from "@/lib/authz/operate-roles";
import type { RoleGrants } from "@/lib/authz/role.schema";
import type { RoleEntry } from "@/lib/configuration/configuration.schema";
import type { Difference } from "@/lib/configuration/plan";
import { isHere, placeOf, type Work } from "@/lib/configuration/work";

export async function dropRole(one: Difference, { operator, present, tx }: Work): Promise<void> {
  const row = present.roles.find(isHere(one.name, placeOf(one, present.names)));
  if (row === undefined) return;
  await deleteRoleAsOperator(operator, row, tx);
  present.names.forgetRole(row.id);
}

export async function putRole(one: Difference, { operator, present, tx }: Work) {
  const { names } = present;
  const place = placeOf(one, names);
  const role = one.after as RoleEntry;
  const grants: RoleGrants = Object.fromEntries(
    Object.entries(role.permissions).map(([key, reach]) => [
      key,
      typeof reach === "string" ? reach : names.toStored(reach, place),
    ]),
  );
  const { description, requiresSecondFactor: mfaRequired, emergency } = role;
  const wanted = { description, mfaRequired, emergency, grants };
  const row = present.roles.find(isHere(one.name, place));
  if (row !== undefined) return changeRoleAsOperator(operator, row, wanted, tx);
  const id = names.roleId(one.name, place);
  return createRoleAsOperator(operator, { id, organizationId: place, name: one.name }, wanted, tx);
}

export async function inherit(
  one: Difference,
  how: "less" | "all",
  heirs: Heirs,
  { operator, present, tx }: Work,
) {
  const { names } = present;
  const [before, after] = [one.before, one.after] as (RoleEntry | null)[];
  // Nothing of it is asked where nothing of it differs.
  if (isDeepStrictEqual(before?.inherits ?? [], after?.inherits)) return null;
  const place = placeOf(one, names);
  const id = names.roleId(one.name, place);
  const wanted = (one.after as RoleEntry).inherits.map((ref) => names.roleId(ref, place));
  const now = heirs.find((heir) => heir.id === id)?.inherits ?? [];
  const kept = now.filter((other) => wanted.includes(other));
  // One step does where nothing comes, or nothing goes.
  const inTwo = kept.length < now.length && kept.length < wanted.length;
  if (how === "less" && !inTwo) return null;
  return setInheritanceAsOperator(operator, id, how === "less" ? kept : wanted, heirs, tx);
}
