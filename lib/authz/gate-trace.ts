import "server-only";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import { isWithinRanges } from "@/lib/shared/address-range";
import { AAL2, isAtLeast, type TokenInsufficient } from "@/lib/shared/assurance";
import type { RequestFacts } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";

/**
 * What refuses a request whatever anybody has been given, with all that it decides by. No rule of a
 * grant or a policy is asked.
 */
export type Gate =
  /** The organization is used from these networks alone (F86). */
  | { rule: "network"; networks: readonly unknown[] }
  /** Nobody answers what they asked for themselves (F99). */
  | { rule: "own-request"; requesterId: string }
  /** By these means alone, or else with a second factor. */
  | { rule: "token-kind"; wants: TokenWants; goodBy: readonly Means[] }
  /** The token reaches no further than this (RFC 6750 §3.1). */
  | { rule: "scope"; required: string; granted: readonly string[] }
  /** The organization is opened only through connections of its own (F86). */
  | { rule: "single-sign-on"; met: boolean }
  /** The organization lets passwords expire (F15). */
  | { rule: "password-age"; expired: boolean }
  /** What is in force has not been accepted (F115). */
  | { rule: "terms"; accepted: boolean }
  /** The user has asked for it to be erased (F109). */
  | { rule: "account-deletion"; pending: boolean }
  /** What a cookie authenticates comes from our own pages alone (ATK-03). */
  | { rule: "origin"; method: string; origin: string | null; own: string; byCookie: boolean }
  /** A client that an administrator has described says no more about itself (ATK-27). */
  | { rule: "client-record"; byAdministrator: boolean }
  /** Somebody acts as the user, and this is left to the user (F101). */
  | { rule: "impersonated"; impersonatorId: string; open: boolean }
  /** Nobody acts as somebody who administers anything (F101). */
  | { rule: "impersonation"; administrative: readonly string[] }
  /** Who may make an account of their own. */
  | { rule: "sign-up"; mode: string; invited: boolean }
  /** The gateway lets through what a rule names and what can be read in one way alone (F125). */
  | { rule: "route"; named: boolean; reason: string; method: string; address: string };

export type Means = Principal["means"];
/** `service` is for what only another program asks. */
export type TokenWants = TokenInsufficient["wants"] | "service";

/** Why a gate was shut: {@link replayGate} judges it again from what is in it alone. */
export interface GateTrace {
  format: 1;
  kind: "gate";
  gate: Gate;
  /** Null where nobody was known yet. */
  principal: { kind: "user" | "service"; id: string; email: string } | null;
  context: { at: string; ip: string | null; means: Means | null; acr: string };
  target: { type: string; id: string } | null;
}

export function gateTraceOf(
  gate: Gate,
  principal: Principal | null,
  request: RequestFacts,
  target: GateTrace["target"],
): GateTrace {
  return {
    format: 1,
    kind: "gate",
    gate,
    principal: principal && {
      kind: principal.means === "service" ? "service" : "user",
      id: principal.userId,
      email: principal.email,
    },
    context: {
      at: (principal?.asOf ?? new Date()).toISOString(),
      ip: request.ip,
      means: principal?.means ?? null,
      acr: principal?.session.acr ?? "",
    },
    target,
  };
}

/** Makes the decision of a gate again, from its trace alone: whether it lets the request through. */
export function replayGate({
  gate,
  principal,
  context,
}: Pick<GateTrace, "gate" | "principal" | "context">): boolean {
  switch (gate.rule) {
    case "network":
      return isWithinRanges(context.ip, gate.networks);
    case "own-request":
      return principal !== null && gate.requesterId !== principal.id;
    case "token-kind":
      return gate.wants === "second-factor"
        ? isAtLeast(context.acr, AAL2)
        : context.means !== null && gate.goodBy.includes(context.means);
    case "scope":
      return gate.granted.includes(gate.required);
    case "single-sign-on":
      return gate.met;
    case "password-age":
      return !gate.expired;
    case "terms":
      return gate.accepted;
    case "account-deletion":
      return !gate.pending;
    case "origin": {
      const { method, origin, own, byCookie } = gate;
      return isOwnOrigin({ method, origin, cookieAuthenticated: byCookie }, own);
    }
    case "client-record":
      return !gate.byAdministrator;
    case "impersonated":
      return gate.open;
    case "impersonation":
      return gate.administrative.length === 0;
    case "sign-up":
      return gate.mode === "open" || (gate.mode === "invite" && gate.invited);
    case "route":
      return gate.named;
  }
}
