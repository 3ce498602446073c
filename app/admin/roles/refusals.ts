import "server-only";
import { authorityRefusal } from "@/app/admin/refusals";
import type { RoleRejection } from "@/lib/authz/role-change";
import type { GrantsRejection } from "@/lib/authz/role-grants";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refusal =
  | Exclude<RoleRejection, { reason: "stale" }>
  | GrantsRejection
  | { outcome: "rejected"; reason: "name-taken" };

export const GONE = "This role does not exist any more: somebody deleted it.";

/** Why a role stays as it is, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
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
      return formError(
        `The condition of ${refusal.keys.join(", ")} asks for what those records do not have.`,
      );
    case "no-owner":
      return formError(
        `Nobody owns what ${refusal.keys.join(", ")} is about, so it cannot be limited to own records.`,
      );
  }
}
