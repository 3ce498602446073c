import "server-only";
import type { DutyRejection } from "@/lib/authz/duty-guard";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import type { BeyondOwn } from "@/lib/authz/within-own";
import { type FormState, formError } from "@/lib/shared/form-state";

export const UNKNOWN_ROLE =
  "One of these roles does not exist any more. Reload the page and try again.";

/** What every change of somebody's permissions may be refused for, in words. */
export function authorityRefusal(refusal: GuardRejection | BeyondOwn): FormState {
  switch (refusal.reason) {
    case "last-administrator":
      return formError(
        "Nobody would be left who holds every permission. Give them all to somebody else first.",
      );
    case "confirmation-required":
      return {
        status: "error",
        message: `You would lose this yourself: ${refusal.lost.join(", ")}. Nothing is changed yet.`,
        fieldErrors: { confirm: ["Tick this to go on, or change what you are about to do."] },
      };
    case "duty-conflict":
      return formError(dutyRefusal(refusal));
    case "beyond-own-permissions":
      return formError(
        `This reaches beyond what you hold yourself: ${refusal.missing.join(", ")}. Nothing was changed. Reference: ${refusal.decisionId}`,
      );
  }
}

/** Who would come to hold what nobody may hold together, as far as the reader may be told. */
export function dutyRefusal({ conflicts, people, others }: DutyRejection): string {
  const further = others === 0 ? [] : [others === 1 ? "1 other" : `${others} others`];
  const who = [...people, ...further].join(", ");
  return `Nobody may hold both sides of ${conflicts.map((name) => `“${name}”`).join(", ")} without a waiver. This would let ${who} do so. Nothing was changed.`;
}
