import "server-only";
import { AAL1, AAL2, AAL3, type Acr, isAssured } from "@/lib/shared/assurance";

/** What an authorization request asks of the sign-in itself (OIDC Core §3.1.2.1). */
export interface LoginDemands {
  /** Why the engine asks, by its names. */
  reasons: readonly string[];
  /** When the request came; `prompt=login` wants a proof that is younger. */
  askedAt: Date;
  /** Seconds; may come as text. */
  maxAge?: number | string | undefined;
  /** Classes of which any will do, by `acr_values` or the claim `acr`. */
  acrs: readonly string[];
  /** Whether nothing else will do. */
  acrEssential: boolean;
}

export type LoginVerdict =
  | { verdict: "enough" }
  /** The person proves again who they are, up to this class. */
  | { verdict: "step-up"; acr: Acr | undefined }
  /** Nobody here can reach what is asked, or it is about somebody else. */
  | { verdict: "unreachable"; error: "login_required" | "unmet_authentication_requirements" };

/** Reasons that are about who it is, not about how well they are known. */
const OTHER_PERSON = ["id_token_hint", "claims_id_token_sub_value"];
const REACHABLE: readonly string[] = [AAL1, AAL2, AAL3];

/** Whether the session of somebody signed in answers the request as it is. Pure. */
export function judgeLogin(
  session: { acr: string; authTime: Date },
  demands: LoginDemands,
  now: Date,
): LoginVerdict {
  if (demands.reasons.some((reason) => OTHER_PERSON.includes(reason))) {
    return { verdict: "unreachable", error: "login_required" };
  }
  const reachable = demands.acrs.filter((acr): acr is Acr => REACHABLE.includes(acr));
  const classMet = demands.acrEssential
    ? demands.acrs.length === 0 || demands.acrs.includes(session.acr)
    : reachable.length === 0 || reachable.some((acr) => isAssured(session, { acr }, now));
  // A class that must be exactly this one is not reached from above.
  const canRise = reachable.some((acr) => !isAssured(session, { acr }, now));
  if (demands.acrEssential && !classMet && !canRise) {
    return { verdict: "unreachable", error: "unmet_authentication_requirements" };
  }
  const wantsFresh = demands.reasons.includes("login_prompt");
  // The request's time is in whole seconds.
  const isFresh = !wantsFresh || session.authTime.getTime() >= demands.askedAt.getTime();
  const maxAge = demands.maxAge === undefined ? Number.NaN : Number(demands.maxAge);
  // Proven since the request came is recent, also for a maximum of 0.
  const isRecent =
    Number.isNaN(maxAge) ||
    session.authTime.getTime() >= demands.askedAt.getTime() ||
    isAssured(session, { maxAge }, now);
  if (classMet && isFresh && isRecent) return { verdict: "enough" };
  // Of several classes the least that is missing: nobody is asked for more than they need.
  const missing = REACHABLE.filter((acr): acr is Acr => reachable.includes(acr as Acr)).find(
    (acr) => !isAssured(session, { acr }, now),
  );
  return { verdict: "step-up", acr: classMet ? undefined : missing };
}
