import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
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

/** What stands in the way of a deletion, for a sentence. */
async function obstacleWords(obstacles: Obstacles): Promise<string> {
  const t = await getTranslations("admin-organizations.obstacles");
  const { isDefault, invoices, connections, serviceAccounts, onlyHere } = obstacles;
  return [
    isDefault && t("isDefault"),
    invoices > 0 && t("invoices", { count: invoices }),
    connections > 0 && t("connections", { count: connections }),
    serviceAccounts > 0 && t("serviceAccounts", { count: serviceAccounts }),
    onlyHere > 0 && t("onlyHere", { count: onlyHere }),
  ]
    .filter((words) => words !== false)
    .join("; ");
}

/** Why an organization, a member or an invitation stays as it is, in the words of the form. */
export async function refusalState(refusal: Refusal): Promise<FormState> {
  const t = await getTranslations("admin-organizations.refused");
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "slug-taken":
      return fieldError("slug", t("slugTaken"));
    case "stale":
      return formError(t("stale"));
    case "in-use":
      return formError(t("inUse"));
    case "obstructed":
      return formError(t("obstructed", { obstacles: await obstacleWords(refusal.obstacles) }));
    case "already-member":
      return fieldError("email", t("alreadyMember"));
    case "already-invited":
      return fieldError("email", t("alreadyInvited"));
    case "unknown-role":
      return unknownRole();
    case "self":
      return formError(t("self"));
    case "only-membership":
      return formError(t("onlyMembership"));
    case "last-administrator":
      return formError(t("lastAdministrator"));
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
