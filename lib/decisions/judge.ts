import "server-only";
import type { Row } from "@/lib/authz/ability";
import { questionOf } from "@/lib/authz/decide";
import { type DenialReason, evaluate, type Question, type Verdict } from "@/lib/authz/evaluate";
import { factsOf } from "@/lib/authz/facts";
import type { LoadedRules } from "@/lib/authz/load-rules";
import { settle } from "@/lib/authz/settle";
import {
  AssuranceInsufficient,
  type AssuranceRequirement,
  requireAssurance,
  SENSITIVE,
  TokenInsufficient,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";

/** What `authorize` would answer. */
export type Judgement =
  | { outcome: "allowed" }
  | { outcome: "denied"; reason: DenialReason }
  /** It would ask for this proof first. */
  | { outcome: "proof-needed"; requirement: AssuranceRequirement }
  /** Nobody is there who could give the proof, or an app is between. */
  | { outcome: "token-insufficient"; wants: TokenInsufficient["wants"] };

export interface Judged {
  judgement: Judgement;
  question: Question;
  verdict: Verdict;
}

/** The answer that `authorize` would give, by the same steps and without any of its consequences. */
export function judge(
  caller: Caller,
  loaded: LoadedRules,
  permission: Permission,
  resource: Row | null,
): Judged {
  const question = questionOf(loaded, factsOf(caller, loaded.held), permission, resource);
  const verdict = evaluate(question);
  return { judgement: judgementOf(caller, permission, question, verdict), question, verdict };
}

function judgementOf(
  { principal }: Caller,
  permission: Permission,
  question: Question,
  verdict: Verdict,
): Judgement {
  try {
    const reason = settle(principal, permission, question, verdict);
    if (reason !== null) return { outcome: "denied", reason };
    if (permission.sensitive) requireAssurance(principal, SENSITIVE, principal.asOf);
    return { outcome: "allowed" };
  } catch (error) {
    if (error instanceof AssuranceInsufficient) {
      return { outcome: "proof-needed", requirement: error.requirement };
    }
    if (error instanceof TokenInsufficient) {
      return { outcome: "token-insufficient", wants: error.wants };
    }
    throw error;
  }
}
