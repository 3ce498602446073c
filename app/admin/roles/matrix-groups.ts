import "server-only";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations } from "@/app/_locale/translations";
import { conditionCatalogue } from "@/app/admin/condition-catalogue";
import type { ConditionCatalogue } from "@/components/admin/condition-editor/catalogue";
import type { MatrixEntry, MatrixGroup } from "@/components/admin/permission-matrix";
import { listHeldPermissions } from "@/lib/authz/list-held-permissions";
import { listPermissions, type PermissionEntry, type Role } from "@/lib/authz/list-roles";
import { listRoleBeyond } from "@/lib/authz/within-own";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Caller } from "@/lib/shared/caller";

type KnownType = Parameters<Translator<"admin-roles.groups">>[0];

/** A limit to own records where nobody owns any allows as little as one that cannot be read. */
const given = ({ key, ownable }: PermissionEntry, grants: Role["grants"]): MatrixEntry["given"] => {
  const reach = grants[key] ?? "none";
  if (reach === "own" && !ownable) return "unreadable";
  return typeof reach === "object" ? "condition" : reach;
};

/** As the editor of conditions begins with it. */
const conditionOf = (reach: Role["grants"][string] | undefined): MatrixEntry["condition"] => {
  if (reach === "own") return { kind: "own" };
  return typeof reach === "object" ? reach : null;
};

/**
 * Every permission by what it is about, with what the role gives and what the
 * caller holds of it. It foretells what the use cases will decide and decides nothing.
 */
export async function matrixGroups(
  caller: Caller,
  role: Role | null,
): Promise<{ groups: MatrixGroup[]; catalogue: ConditionCatalogue; beyondOwn: string[] }> {
  const permissions = await listPermissions(caller);
  const wordsOf = await getPermissionWords();
  const t = await getTranslations("admin-roles.groups");
  /** Of a record that a feature brings along, its own name. */
  const titleOf = (type: string) => (t.has(type as KnownType) ? t(type as KnownType) : type);
  const held = new Map(
    (await listHeldPermissions(caller)).map(({ key, reach }) => [
      key,
      reach === "some" ? ("condition" as const) : reach,
    ]),
  );
  const entries = permissions.map((permission, place) => ({
    ...permission,
    description: wordsOf(permission),
    place,
    given: given(permission, role?.grants ?? {}),
    condition: conditionOf(role?.grants[permission.key]),
    held: held.get(permission.key) ?? ("none" as const),
  }));
  const byTitle = Map.groupBy(entries, ({ resourceType }) => titleOf(resourceType));
  const groups = [...byTitle]
    .map(([title, members]) => ({ title, entries: members }))
    .sort((a, b) => a.title.localeCompare(b.title));
  const conditions = Object.values(role?.grants ?? {}).filter((reach) => typeof reach === "object");
  return {
    groups,
    catalogue: await conditionCatalogue(caller, conditions),
    beyondOwn: role === null ? [] : await listRoleBeyond(caller, role),
  };
}
