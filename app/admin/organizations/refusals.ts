import "server-only";
import { authorityRefusal, UNKNOWN_ROLE } from "@/app/admin/refusals";
import type {
  InvitationCreation,
  InvitationRenewal,
  InvitationRevocation,
} from "@/lib/invitations/manage-invitations";
import type { MemberRemoval } from "@/lib/memberships/remove-member";
import type { OrganizationCreation } from "@/lib/organizations/create-organization";
import type { Obstacles, OrganizationDeletion } from "@/lib/organizations/delete-organization";
import type { OrganizationRenaming } from "@/lib/organizations/rename-organization";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Result =
  | InvitationCreation
  | InvitationRenewal
  | InvitationRevocation
  | MemberRemoval
  | OrganizationCreation
  | OrganizationDeletion
  | OrganizationRenaming;
type Refusal = Extract<Result, { outcome: "rejected" | "not-found" }>;

const GONE = "It is not there any more: somebody has changed this meanwhile. Load the page again.";
export const STALE =
  "Somebody changed this organization while you were editing. Nothing of yours is lost, and nothing of it is stored yet.";

const counted = (count: number, one: string, many: string): string[] =>
  count === 0 ? [] : [count === 1 ? `1 ${one}` : `${count} ${many}`];

/** What stands in the way of a deletion, for a sentence. */
export function obstacleWords(obstacles: Obstacles): string {
  const { isDefault, invoices, connections, serviceAccounts, onlyHere } = obstacles;
  return [
    ...(isDefault ? ["new accounts begin in it"] : []),
    ...counted(invoices, "invoice, deleted ones included", "invoices, deleted ones included"),
    ...counted(connections, "connection that people sign in with", "connections"),
    ...counted(serviceAccounts, "service account", "service accounts"),
    ...counted(onlyHere, "member of no other organization", "members of no other organization"),
  ].join("; ");
}

/** Why an organization, a member or an invitation stays as it is, in the words of the form. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "slug-taken":
      return fieldError("slug", "Another organization has this short name.");
    case "stale":
      return formError(STALE);
    case "in-use":
      return formError("You are in this organization now. Switch to another one first.");
    case "obstructed":
      return formError(`It cannot be deleted yet: ${obstacleWords(refusal.obstacles)}.`);
    case "already-member":
      return fieldError("email", "Somebody with this address is a member already.");
    case "already-invited":
      return fieldError("email", "This address is invited already. Send that invitation again.");
    case "unknown-role":
      return formError(UNKNOWN_ROLE);
    case "self":
      return formError("You leave an organization on the page of your own organizations.");
    case "only-membership":
      return formError(
        "They are in no other organization and could not sign in any more. Disable the user instead.",
      );
    case "last-administrator":
      return formError("Nobody could manage the members without them.");
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
