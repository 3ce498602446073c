import "server-only";
import { getTranslations } from "@/app/_locale/translations";
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

const FIELDS = {
  "name-taken": "name",
  "unknown-parent": "parentId",
  "within-itself": "parentId",
  "unknown-user": "email",
  "unknown-role": "roleId",
  past: "until",
} as const;

/** Why a team stays as it is, in the words of the form that asked for the change. */
export async function refusalState(refusal: Refusal): Promise<FormState> {
  const t = await getTranslations("admin-teams.refusals");
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "name-taken":
    case "unknown-parent":
    case "within-itself":
    case "unknown-user":
    case "unknown-role":
    case "past":
      return fieldError(FIELDS[refusal.reason], t(refusal.reason));
    case "has-teams":
    case "too-many-teams":
    case "stale":
      return formError(t(refusal.reason));
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
