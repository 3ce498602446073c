import "server-only";
import { authorityRefusal } from "@/app/admin/refusals";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import type { TeamCreation } from "@/lib/teams/create-team";
import type { TeamDeletion } from "@/lib/teams/delete-team";
import type { TeamDescriptionChange } from "@/lib/teams/describe-team";
import type { TeamMove } from "@/lib/teams/move-team";
import type { MemberChange } from "@/lib/teams/team-members";
import type { TeamRoleChange } from "@/lib/teams/team-roles";

type Result =
  | TeamCreation
  | TeamDescriptionChange
  | TeamMove
  | TeamDeletion
  | MemberChange
  | TeamRoleChange;
type Refusal = Extract<Result, { outcome: "rejected" | "not-found" }>;

export const GONE = "This team does not exist any more: somebody deleted it.";

/** Why a team stays as it is, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "name-taken":
      return fieldError("name", "Another team has this name.");
    case "unknown-parent":
      return fieldError("parentId", "This team does not exist any more. Choose another one.");
    case "within-itself":
      return fieldError("parentId", "This team is within the one that you move. Choose another.");
    case "has-teams":
      return formError("There are teams within it. Move or delete them first.");
    case "too-many-teams":
      return formError("There are as many teams as there can be.");
    case "unknown-user":
      return fieldError("email", "Nobody in this organization has this address.");
    case "unknown-role":
      return fieldError("roleId", "This role does not exist any more. Choose another one.");
    case "past":
      return fieldError("until", "This day is over already.");
    case "stale":
      return formError(
        "Somebody changed this team since you opened it. Look at it as it is now, then decide.",
      );
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
