import "server-only";
import { authorityRefusal, UNKNOWN_ROLE } from "@/app/admin/refusals";
import type { InvitationResult } from "@/lib/authn/invite-user";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import type { RoleAssignment } from "@/lib/users/assign-roles";
import type { UserDeletion } from "@/lib/users/delete-user";
import type { UserUpdate } from "@/lib/users/update-user";
import type { SessionsEnding } from "@/lib/users/user-sessions";

type Result = InvitationResult | RoleAssignment | UserDeletion | UserUpdate | SessionsEnding;
type Refusal = Extract<Result, { outcome: "rejected" | "not-found" }>;

const GONE = "This user does not exist any more: somebody deleted them.";

/** Why a user stays as they are, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "address-taken":
      return fieldError("email", "Another user has this address.");
    case "common":
      return fieldError("password", "This password is on lists that attackers try first.");
    case "personal":
      return fieldError("password", "This password is too close to the address or the name.");
    case "unknown-role":
      return formError(UNKNOWN_ROLE);
    case "still-invited":
      return formError(
        "Only accepting the invitation makes this user active. You can send it again.",
      );
    case "owns-records":
      return formError(
        "Records name this user as their owner, so they stay. Disable the user instead.",
      );
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
