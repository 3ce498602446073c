import "server-only";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import type { Gate } from "@/lib/authz/gate-trace";
import { recordGateRefusal } from "@/lib/authz/refuse-at-gate";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { findPrincipalOfSession } from "@/lib/sessions/current-principal";
import type { Principal } from "@/lib/shared/principal";

interface Said {
  error: string;
  error_description?: string;
  scope?: string;
}

type Entities = KoaContextWithOIDC["oidc"]["entities"];

/**
 * Every 403 of the engine names a decision, in `decision_id` beside what OAuth says (F95): of
 * an access token that reaches no further, and of a client that may not change what it is.
 */
export const nameRefusals: Parameters<Provider["use"]>[0] = async (ctx, next) => {
  await next();
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
  if (ctx.status !== 403 || oidc === undefined) return;
  const said = saidIn(ctx.body, oidc.entities);
  const request = factsFromHeaders((name) => ctx.get(name) || null);
  const principal = await principalOf(oidc.entities);
  const id = oidc.entities.RegistrationAccessToken?.clientId;
  const target = id === undefined ? null : { type: "client", id };
  const gate = gateOf(oidc);
  const decisionId = await recordGateRefusal({ principal, request }, gate, { target });
  ctx.status = 403;
  ctx.body = { ...said, decision_id: decisionId };
};

/** A program is behind every one of these, so that a page for people is none for it. */
function saidIn(body: unknown, { RegistrationAccessToken: own }: Entities): Said {
  if (typeof body === "object" && body !== null && "error" in body) return body as Said;
  return { error: own === undefined ? "insufficient_scope" : "invalid_request" };
}

/** Longer names of scopes are cut: they are evidence, not content. */
const SCOPE_LENGTH_MAX = 200;

function gateOf({ entities, params }: KoaContextWithOIDC["oidc"]): Gate {
  const { AccessToken: token, RegistrationAccessToken: own } = entities;
  if (own !== undefined) return { rule: "client-record", byAdministrator: true };
  const granted = [...(token?.scopes ?? [])];
  const { scope } = params ?? {};
  const asked = ["openid", ...(typeof scope === "string" ? scope.split(" ") : [])];
  const required = asked.find((one) => !granted.includes(one)) ?? "openid";
  return { rule: "scope", required: required.slice(0, SCOPE_LENGTH_MAX), granted };
}

/** The user behind the token, while their session opens doors. */
async function principalOf({ AccessToken: token }: Entities): Promise<Principal | null> {
  const { sessionUid, accountId, clientId } = token ?? {};
  return sessionUid !== undefined && accountId !== undefined && clientId !== undefined
    ? findPrincipalOfSession(sessionUid, accountId, clientId)
    : null;
}
