import "server-only";
import type { InvitationResult } from "@/lib/authn/invite-user";
import type { FormState } from "@/lib/shared/form-state";
import type { RoleAssignment } from "@/lib/users/assign-roles";
import type { UserDeletion } from "@/lib/users/delete-user";
import type { UserUpdate } from "@/lib/users/update-user";
import type { SessionsEnding } from "@/lib/users/user-sessions";

type Result = InvitationResult | RoleAssignment | UserDeletion | UserUpdate | SessionsEnding;
type Refusal = Extract<Result, { outcome: "rejected" | "not-found" }>;

const GONE = "This user does not exist any more: somebody deleted them.";

const error = (message: string): FormState => ({ status: "error", message });

const fieldError = (name: string, message: string): FormState => ({
  status: "error",
  fieldErrors: { [name]: [message] },
});

/** Why a user stays as they are, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return error(GONE);
  switch (refusal.reason) {
    case "address-taken":
      return fieldError("email", "Another user has this address.");
    case "common":
      return fieldError("password", "This password is on lists that attackers try first.");
    case "personal":
      return fieldError("password", "This password is too close to the address or the name.");
    case "unknown-role":
      return error("One of these roles does not exist any more. Reload the page and try again.");
    case "still-invited":
      return error("Only accepting the invitation makes this user active. You can send it again.");
    case "owns-records":
      return error(
        "Records name this user as their owner, so they stay. Disable the user instead.",
      );
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
  }
}
