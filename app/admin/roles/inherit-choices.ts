import "server-only";
import type { ChoosableInheritance } from "@/components/admin/inherit-choice";
import { listInheritable } from "@/lib/authz/effective-grants";
import type { Role } from "@/lib/authz/list-roles";
import { measureRoles } from "@/lib/authz/usable-roles";
import type { Caller } from "@/lib/shared/caller";

/** The roles that a role can inherit, with what the caller lacks of each. It foretells and decides nothing. */
export async function inheritChoices(
  caller: Caller,
  role: Role | null,
): Promise<ChoosableInheritance[]> {
  const measured = new Map((await measureRoles(caller)).map(({ id, missing }) => [id, missing]));
  const inheritable = await listInheritable(caller, role);
  return inheritable.map((other) => ({ ...other, missing: measured.get(other.id) ?? [] }));
}
