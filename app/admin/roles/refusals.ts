import "server-only";
import { authorityRefusal, UNKNOWN_ROLE } from "@/app/admin/refusals";
import type { RoleRejection } from "@/lib/authz/role-change";
import type { GrantsRejection } from "@/lib/authz/role-grants";
import type { InheritanceRejection } from "@/lib/authz/set-role-inheritance";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refusal =
  | Exclude<RoleRejection, { reason: "stale" }>
  | GrantsRejection
  | InheritanceRejection
  | { outcome: "rejected"; reason: "name-taken" };

export const GONE = "This role does not exist any more: somebody deleted it.";

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
export function refusalState(refusal: Refusal, fields: Record<string, string> = {}): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "name-taken":
      return fieldError(
        "name",
        "Another role has this name, here or on the whole installation. Apps tell roles apart by it.",
      );
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
    case "unknown-permission":
      return formError(
        `There is no permission ${refusal.keys.join(", ")} any more. Reload the page and try again.`,
      );
    case "unfitting-condition":
      return atFields(
        refusal.keys,
        fields,
        `The condition of ${refusal.keys.join(", ")} asks for what those records do not have.`,
      );
    case "unknown-role":
      return formError(UNKNOWN_ROLE);
    case "role-cycle":
      return formError(
        refusal.way.length === 0
          ? "It would inherit itself in the end."
          : `It would inherit itself: ${refusal.way.join(" > ")}.`,
      );
    case "no-owner":
      return formError(
        `Nobody owns what ${refusal.keys.join(", ")} is about, so it cannot be limited to own records.`,
      );
  }
}
