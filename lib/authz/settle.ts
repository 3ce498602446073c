import "server-only";
import type { DenialReason, Question, Verdict } from "@/lib/authz/evaluate";
import { missingAssurance } from "@/lib/authz/step-up";
import { AAL2, demandSecondFactor, isAtLeast, requireAssurance } from "@/lib/shared/assurance";
import type { Permission } from "@/lib/shared/permission";
import type { Principal } from "@/lib/shared/principal";

/**
 * What follows from a verdict for this principal: null where it stands as a yes, the reason where
 * it stands as a no. Throws what has to be proven first, as `AssuranceInsufficient`, or
 * `TokenInsufficient` where nobody is there who could. Without consequences of its own, so that
 * who only tries it out gets the answer of who does it.
 */
export function settle(
  principal: Principal,
  permission: Permission,
  question: Question,
  verdict: Verdict,
): DenialReason | null {
  if (verdict.allowed) {
    const { adminMfaRequired, session } = principal;
    if (permission.administrative && adminMfaRequired && !isAtLeast(session.acr, AAL2)) {
      demandSecondFactor(principal);
    }
    return null;
  }
  const missing = verdict.reason === "no-grant" ? null : missingAssurance(question);
  if (missing !== null) requireAssurance(principal, missing, principal.asOf);
  return verdict.reason;
}
