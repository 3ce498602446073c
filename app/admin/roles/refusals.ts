import "server-only";
import type { RoleRejection } from "@/lib/authz/role-change";
import type { GrantsRejection } from "@/lib/authz/role-grants";
import type { FormState } from "@/lib/shared/form-state";

type Refusal =
  | Exclude<RoleRejection, { reason: "stale" }>
  | GrantsRejection
  | { outcome: "rejected"; reason: "name-taken" };

export const GONE = "This role does not exist any more: somebody deleted it.";

const error = (message: string): FormState => ({ status: "error", message });

/** Why a role stays as it is, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return error(GONE);
  switch (refusal.reason) {
    case "name-taken":
      return { status: "error", fieldErrors: { name: ["Another role has this name."] } };
    case "last-administrator":
      return error(
        "Nobody would be left who holds every permission. Give them all to somebody else first.",
      );
    case "confirmation-required":
      return {
        status: "error",
        message: `You would lose this yourself: ${refusal.lost.join(", ")}. Nothing is changed yet.`,
        fieldErrors: { confirm: ["Tick this to go on, or change what you are about to do."] },
      };
    case "beyond-own-permissions":
      return error(
        `This reaches beyond what you hold yourself: ${refusal.missing.join(", ")}. Nothing was changed. Reference: ${refusal.decisionId}`,
      );
    case "unknown-permission":
      return error(
        `There is no permission ${refusal.keys.join(", ")} any more. Reload the page and try again.`,
      );
    case "no-owner":
      return error(
        `Nobody owns what ${refusal.keys.join(", ")} is about, so it cannot be limited to own records.`,
      );
  }
}
