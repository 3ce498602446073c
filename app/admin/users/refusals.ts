import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
import type { InvitationResult } from "@/lib/authn/invite-user";
import type { ImpersonationStart } from "@/lib/impersonation/start-impersonation";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import type { RoleAssignment } from "@/lib/users/assign-roles";
import type { UserDeletion } from "@/lib/users/delete-user";
import type { UserUpdate } from "@/lib/users/update-user";
import type { SessionsEnding } from "@/lib/users/user-sessions";

type Result = InvitationResult | RoleAssignment | UserDeletion | UserUpdate | SessionsEnding;
type Refusal = Extract<Result, { outcome: "rejected" | "not-found" }>;

/** Why a user stays as they are, in the words of the form that asked for the change. */
export async function refusalState(refusal: Refusal): Promise<FormState> {
  const t = await getTranslations("admin-users.refusals");
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "address-taken":
      return fieldError("email", t("address-taken"));
    case "common":
    case "personal":
      return fieldError("password", t(refusal.reason));
    case "unknown-role":
      return unknownRole();
    case "still-invited":
    case "owns-records":
      return formError(t(refusal.reason));
    case "belongs-elsewhere":
      return formError(t("belongs-elsewhere", { reference: refusal.decisionId }));
    case "last-administrator":
    case "confirmation-required":
    case "duty-conflict":
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}

/** Why nobody acts as the user now. */
export async function impersonationRefusal(
  refusal: Exclude<ImpersonationStart, { outcome: "started" }>,
): Promise<FormState> {
  const t = await getTranslations("admin-users.refusals");
  if (refusal.outcome === "not-found") return formError(t("gone"));
  switch (refusal.reason) {
    case "self":
    case "not-active":
    case "session-ended":
      return formError(t(`impersonation.${refusal.reason}`));
    case "administrator":
      return formError(t("impersonation.administrator", { reference: refusal.decisionId }));
    case "beyond-own-permissions":
      return authorityRefusal(refusal);
  }
}
