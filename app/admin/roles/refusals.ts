import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
import type { RoleRejection } from "@/lib/authz/role-change";
import type { GrantsRejection } from "@/lib/authz/role-grants";
import type { InheritanceRejection } from "@/lib/authz/set-role-inheritance";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refusal =
  | Exclude<RoleRejection, { reason: "stale" }>
  | GrantsRejection
  | InheritanceRejection
  | { outcome: "rejected"; reason: "name-taken" };

/** Somebody deleted the role meanwhile. */
export const goneState = async (): Promise<FormState> =>
  formError((await getTranslations("admin-roles.answers"))("gone"));

/** The same message at the fields of these permissions, or above the form without any. */
function atFields(keys: string[], fields: Record<string, string>, message: string): FormState {
  const named = keys.flatMap((key) => fields[key] ?? []);
  return named.length === 0
    ? formError(message)
    : {
        status: "error",
        fieldErrors: Object.fromEntries(named.map((field) => [field, [message]])),
      };
}

/**
 * Why a role stays as it is, in the words of the form that asked for the change. `fields` are those
 * of the permissions' conditions.
 */
export async function refusalState(
  refusal: Refusal,
  fields: Record<string, string> = {},
): Promise<FormState> {
  if (refusal.outcome === "not-found") return goneState();
  const t = await getTranslations("admin-roles.answers");
  switch (refusal.reason) {
    case "name-taken":
      return fieldError("name", t("nameTaken"));
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
    case "unknown-permission":
      return formError(t("unknownPermission", { keys: refusal.keys.join(", ") }));
    case "unfitting-condition":
      return atFields(refusal.keys, fields, t("unfitting", { keys: refusal.keys.join(", ") }));
    case "unknown-role":
      return unknownRole();
    case "role-cycle":
      return formError(
        refusal.way.length === 0 ? t("cycle") : t("cycleBy", { way: refusal.way.join(" > ") }),
      );
    case "no-owner":
      return formError(t("noOwner", { keys: refusal.keys.join(", ") }));
  }
}
