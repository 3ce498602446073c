import "server-only";
import { ProblemError } from "@/app/api/problems";
import { refusalProblem } from "@/app/api/refusals";
import type { Misfit, Unfitting } from "@/lib/policies/fit-content";
import type { PolicyRejection } from "@/lib/policies/policy-change";

const CONFLICTS = {
  "name-taken": ["name_taken", "Another policy has this name"],
  unchanged: ["version_unchanged", "It says the same as the newest version"],
  "too-many-versions": ["too_many_versions", "A policy has no more versions than 500"],
  "in-force": ["policy_in_force", "The policy, or this version of it, is in force"],
} as const;

type Refusal =
  | PolicyRejection
  | Unfitting
  | { outcome: "rejected"; reason: keyof typeof CONFLICTS | "unknown-version" }
  | { outcome: "rejected"; reason: "unknown-cursor" };

function misfitWords({ reason, names }: Misfit): string {
  const what = names.join(", ");
  switch (reason) {
    case "unknown-permission":
      return `There is no permission ${what}.`;
    case "undeniable":
      return `No policy can deny ${what}.`;
    case "unfitting-condition":
      return `Not all records of these permissions have ${what}, or not in this form.`;
    case "unreadable":
      return "The condition of this version cannot be read.";
    case "allow-hides-nothing":
      return "Only a policy that denies has fields.";
    case "not-hideable":
      return `${what} cannot be hidden of all records of these permissions.`;
  }
}

const invalid = (errors: { path: string; message: string }[]): ProblemError =>
  new ProblemError({
    status: 422,
    code: "validation_failed",
    title: "The request does not fit",
    errors,
  });

/** The problem that a refused change of a policy is answered with. */
export function policyProblem(refusal: Refusal): ProblemError {
  if (refusal.outcome === "not-found") return refusalProblem("policy", refusal);
  switch (refusal.reason) {
    case "unfitting":
      return invalid(
        refusal.misfits.map((misfit) => ({ path: misfit.field, message: misfitWords(misfit) })),
      );
    case "unknown-version":
      return invalid([{ path: "number", message: "There is no such version." }]);
    case "name-taken":
    case "unchanged":
    case "too-many-versions":
    case "in-force": {
      const [code, title] = CONFLICTS[refusal.reason];
      return new ProblemError({ status: 409, code, title });
    }
    default:
      return refusalProblem("policy", refusal);
  }
}
