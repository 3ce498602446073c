import "server-only";
import { actorOfPrincipal } from "@/lib/audit/record-event";
import { recordDenial } from "@/lib/audit/record-refusal";
import { type Gate, type GateTrace, gateTraceOf } from "@/lib/authz/gate-trace";
import { insertTrace } from "@/lib/authz/trace-store";
import { getConfig } from "@/lib/platform/config";
import type { Db } from "@/lib/platform/db/client";
import { isOwnOrigin } from "@/lib/platform/http/origin";
import type { RequestFacts } from "@/lib/shared/caller";
import type { Principal } from "@/lib/shared/principal";

/** Those that end a request of ours; others are told of in a use case's result, or in OAuth's words. */
export type ThrownGate = Exclude<Gate, { rule: "own-request" | "client-record" | "impersonation" }>;

/** The answer 403 of a gate that is shut. The decision's id leads to its audit event and its trace. */
export class RefusedAtGate extends Error {
  constructor(
    readonly decisionId: string,
    readonly gate: ThrownGate,
  ) {
    super(`refused by the rule ${gate.rule}`);
    this.name = "RefusedAtGate";
  }
}

/** Who is refused; null where nobody is known yet. */
interface Refused {
  principal: Principal | null;
  request: RequestFacts;
}

/** What a flood is folded by: one event for each of these few. */
const REASONS: Record<Gate["rule"], string> = {
  network: "network: not-allowed",
  "own-request": "approve_access: own-request",
  "token-kind": "token: kind",
  scope: "token: insufficient-scope",
  "single-sign-on": "sign-in: single-sign-on",
  "password-age": "password: expired",
  terms: "terms: not-accepted",
  "account-deletion": "account: to-be-deleted",
  origin: "origin: foreign",
  "client-record": "client: described-by-administrator",
  impersonated: "session: impersonated",
  impersonation: "impersonate_users: administrator",
  "sign-up": "sign-up: closed",
  route: "gateway: not-admitted",
};

/** Records that a gate was shut, with what it decided by, and returns the decision's id. */
export async function recordGateRefusal(
  { principal, request }: Refused,
  gate: Gate,
  {
    id = request.decisionId,
    target = null,
    tx,
  }: { id?: string; target?: GateTrace["target"]; tx?: Db } = {},
): Promise<string> {
  const decisionId = await recordDenial(
    {
      id,
      actor: principal === null ? { type: "anonymous" } : actorOfPrincipal(principal),
      target: target ?? undefined,
      reason: REASONS[gate.rule],
    },
    request,
    tx,
  );
  // Of a flood that is folded into one event the first one's trace is kept (ATK-75).
  const trace = gateTraceOf(gate, principal, request, target);
  await insertTrace(decisionId, principal?.organizationId ?? null, trace, tx);
  return decisionId;
}

/** Throws {@link RefusedAtGate} after the refusal is on record. */
export async function refuseAtGate(
  refused: Refused,
  gate: ThrownGate,
  target: GateTrace["target"] = null,
): Promise<never> {
  throw new RefusedAtGate(await recordGateRefusal(refused, gate, { target }), gate);
}

/**
 * Returns when the caller acts as themselves, or where `open` says that somebody may do this as
 * somebody else; otherwise throws {@link RefusedAtGate}. What says nothing is not open (F101).
 */
export async function requireOwnSelf(caller: Refused, open: boolean): Promise<void> {
  const act = caller.principal?.act;
  if (act === undefined || open) return;
  await refuseAtGate(caller, { rule: "impersonated", impersonatorId: act.userId, open });
}

/** Longer values of a header are cut: they are evidence, not content. */
const ORIGIN_LENGTH_MAX = 300;

/**
 * Returns when the request comes from our own pages, or needs not (D18), and otherwise throws
 * {@link RefusedAtGate}. It is asked before who the caller is: a foreign page makes no use of a session.
 */
export async function requireOwnOrigin(
  asked: { method: string; origin: string | null; byCookie: boolean },
  request: RequestFacts,
): Promise<void> {
  const { origin: own } = getConfig();
  const { method, origin, byCookie } = asked;
  if (isOwnOrigin({ method, origin, cookieAuthenticated: byCookie }, own)) return;
  const cut = origin?.slice(0, Math.max(ORIGIN_LENGTH_MAX, own.length + 1)) ?? null;
  await refuseAtGate(
    { principal: null, request },
    { rule: "origin", method, origin: cut, own, byCookie },
  );
}
