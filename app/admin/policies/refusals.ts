import "server-only";
import { authorityRefusal } from "@/app/admin/refusals";
import type { Misfit, Unfitting } from "@/lib/policies/fit-content";
import type { PolicyRejection } from "@/lib/policies/policy-change";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refusal =
  | PolicyRejection
  | Unfitting
  | {
      outcome: "rejected";
      reason: "name-taken" | "unchanged" | "too-many-versions" | "unknown-version" | "in-force";
    };

export const GONE = "This policy does not exist any more: somebody deleted it.";

export function misfitWords({ reason, names }: Misfit): string {
  const what = names.join(", ");
  switch (reason) {
    case "unknown-permission":
      return `There is no permission ${what}.`;
    case "undeniable":
      return `No policy can deny ${what}: whoever may undo policies always can.`;
    case "unfitting-condition":
      return names.includes("own")
        ? "Some of these permissions are about records that nobody owns."
        : `Not every record of these permissions can be asked for ${what} in this way.`;
    case "unreadable":
      return "This release cannot read the condition of this version.";
    case "allow-hides-nothing":
      return `Only a policy that denies can hide ${what}.`;
    case "not-hideable":
      return `${what} cannot be hidden of every record that these permissions are about.`;
  }
}

/** By field, as the form shows them. */
export const misfitState = ({ misfits }: Unfitting): FormState => ({
  status: "error",
  fieldErrors: Object.fromEntries(
    (["permissions", "condition", "fields"] as const).flatMap((field) => {
      const words = misfits.filter((misfit) => misfit.field === field).map(misfitWords);
      return words.length === 0 ? [] : [[field, words]];
    }),
  ),
});

/** Why a policy stays as it is, in the words of the form that asked for the change. */
export function refusalState(refusal: Refusal): FormState {
  if (refusal.outcome === "not-found") return formError(GONE);
  switch (refusal.reason) {
    case "name-taken":
      return fieldError("name", "Another policy has this name, here or on the whole installation.");
    case "unfitting":
      return misfitState(refusal);
    case "unchanged":
      return formError("This says the same as the newest version, so there is nothing to save.");
    case "too-many-versions":
      return formError("This policy has too many versions. Begin another one.");
    case "unknown-version":
      return formError("There is no such version. Reload the page and try again.");
    case "in-force":
      return formError("This policy is in force. Take it out of force first.");
    case "stale":
      return formError(
        "Somebody changed this policy since you opened it. Nothing of yours is stored. Look at it as it is now, then decide.",
      );
    default:
      return authorityRefusal(refusal);
  }
}
