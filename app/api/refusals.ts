import "server-only";
import { entityTag } from "@/app/api/entity-tag";
import { unfitting, unknownCursor } from "@/app/api/paging";
import { notFound, ProblemError } from "@/app/api/problems";
import type { DutyRejection } from "@/lib/authz/duty-guard";

/** The problem's code, for programs, and its title. */
const CONFLICTS = {
  "last-administrator": ["last_administrator", "Nobody would be left who holds every permission"],
  "name-taken": ["name_taken", "Another one has this name"],
  "domain-taken": ["domain_taken", "Your organization has this domain already"],
  "too-many-domains": ["too_many_domains", "There are as many domains as there can be"],
  "too-many-webhooks": ["too_many_webhooks", "There are as many webhooks as there can be"],
  "within-itself": ["within_itself", "A team cannot be within itself"],
  "has-teams": ["has_teams", "There are teams within this team"],
  "too-many-teams": ["too_many_teams", "There are as many teams as there can be"],
  "address-taken": ["email_taken", "Another user has this email address"],
  "still-invited": ["still_invited", "Only accepting the invitation makes this user active"],
  "duty-name-taken": ["name_taken", "Another conflict of duties has this name"],
  "too-many-conflicts": ["too_many_conflicts", "There are as many conflicts as there can be"],
  "own-waiver": ["own_waiver", "Nobody waives a conflict for themselves"],
  "already-held": ["already_held", "The role is held already"],
  "already-asked": [
    "already_asked",
    "This role has been asked for already, and waits for an answer",
  ],
  "too-many-emergencies": ["too_many_emergencies", "The glass is not broken more often in a day"],
  decided: ["already_decided", "Nobody can answer it any more"],
  "requester-gone": ["requester_gone", "Whoever asked is no active member any more"],
  "not-in-force": ["not_in_force", "It is over already"],
  "slug-taken": ["slug_taken", "Another organization has this slug"],
  "already-member": ["already_member", "Somebody with this address is a member already"],
  "already-invited": ["already_invited", "This address has an open invitation; send it again"],
  "only-membership": ["only_membership", "They are in no other organization; disable them instead"],
  self: ["self", "One does not take out oneself; leave instead"],
  "in-use": ["in_use", "Your own session is in this organization; switch first"],
  "owns-records": ["owns_records", "Records name this user as their owner; disable them instead"],
} as const;

/** Every reason for which users, roles and organizations stay as they are, with what its answer needs. */
export type Refusal =
  | { outcome: "not-found" }
  | {
      outcome: "rejected";
      reason:
        | keyof typeof CONFLICTS
        | "unknown-cursor"
        | "unknown-role"
        | "unknown-user"
        | "unknown-parent"
        | "past"
        | "common"
        | "personal";
    }
  | {
      outcome: "rejected";
      reason: "unknown-permission" | "no-owner" | "unfitting-condition";
      keys: string[];
    }
  | { outcome: "rejected"; reason: "role-cycle"; way: string[] }
  | { outcome: "rejected"; reason: "stale"; version: number }
  | { outcome: "rejected"; reason: "confirmation-required"; lost: string[] }
  | DutyRejection
  | { outcome: "rejected"; reason: "own-request" | "belongs-elsewhere"; decisionId: string }
  | {
      outcome: "rejected";
      reason: "beyond-own-permissions";
      missing: string[];
      decisionId: string;
    };

/** The problem that a refused change of users, roles or clients is answered with. */
export function refusalProblem(
  what:
    | "user"
    | "role"
    | "session"
    | "client"
    | "token"
    | "claim"
    | "request"
    | "conflict"
    | "waiver"
    | "organization"
    | "member"
    | "invitation"
    | "team"
    | "domain"
    | "webhook"
    | "policy",
  refusal: Refusal,
): ProblemError {
  if (refusal.outcome === "not-found") return notFound(what);
  switch (refusal.reason) {
    case "unknown-cursor":
      return unknownCursor();
    case "unknown-role":
      return unfitting(what === "role" ? "inherits" : "roleIds", "There is no such role.");
    case "unknown-user":
      return unfitting("userId", "Nobody of this organization has this id.");
    case "unknown-parent":
      return unfitting("parentId", "There is no such team.");
    case "past":
      return unfitting("expiresAt", "This time is over already.");
    case "role-cycle":
      return new ProblemError({
        status: 409,
        code: "role_cycle",
        title: "The role would inherit itself",
        ...(refusal.way.length > 0 && { detail: refusal.way.join(" > ") }),
      });
    case "common":
      return unfitting("password", "Too many people use this password.");
    case "personal":
      return unfitting("password", "This password is too close to the email address or the name.");
    case "unknown-permission":
      return unfitting("permissions", `There is no permission ${refusal.keys.join(", ")}.`);
    case "no-owner":
      return unfitting("conditions", `Nobody owns what ${refusal.keys.join(", ")} is about.`);
    case "unfitting-condition":
      return unfitting(
        "conditions",
        `The condition of ${refusal.keys.join(", ")} asks for what those records do not have.`,
      );
    case "stale":
      return new ProblemError(
        {
          status: 412,
          code: "stale_version",
          title: `The ${what} has changed since you read it`,
          detail: `It is at version ${refusal.version} now. Read it again, then decide.`,
        },
        entityTag(refusal.version),
      );
    case "confirmation-required":
      return new ProblemError({
        status: 409,
        code: "confirmation_required",
        title: "You would lose permissions of your own",
        detail: `You would lose ${refusal.lost.join(", ")}. Send confirm with the value true to go on.`,
      });
    case "duty-conflict":
      return dutyProblem(refusal);
    case "own-request":
      return new ProblemError({
        status: 403,
        code: "own_request",
        title: "Nobody answers for themselves",
        decisionId: refusal.decisionId,
      });
    case "belongs-elsewhere":
      return new ProblemError({
        status: 403,
        code: "belongs_elsewhere",
        title: "The account is another organization's as well",
        detail:
          "Ask an administrator of the installation, or take the user out of your organization.",
        decisionId: refusal.decisionId,
      });
    case "beyond-own-permissions":
      return new ProblemError({
        status: 403,
        code: "beyond_own_permissions",
        title: "This reaches beyond what you hold yourself",
        detail: `This needs ${refusal.missing.join(", ")}, as far as it reaches here.`,
        decisionId: refusal.decisionId,
      });
    default: {
      const [code, title] = CONFLICTS[refusal.reason];
      return new ProblemError({ status: 409, code, title });
    }
  }
}

function dutyProblem({ conflicts, people, others }: DutyRejection): ProblemError {
  const further = others === 0 ? [] : [`${others} more`];
  return new ProblemError({
    status: 409,
    code: "duty_conflict",
    title: "Nobody may hold both of these duties without a waiver",
    detail: `${[...people, ...further].join(", ")} would hold both sides of ${conflicts.join(", ")}.`,
  });
}
