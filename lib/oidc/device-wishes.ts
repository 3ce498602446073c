import "server-only";
import { decodeJwt } from "jose";
import type { LoginDemands } from "@/lib/oidc/judge-login";
import { textOf, valuesOf } from "@/lib/oidc/parameters";
import {
  API_SCOPES,
  apiResource,
  OPENID_CLAIMS,
  OPENID_SCOPES,
  scopesBehind,
} from "@/lib/oidc/scopes";

type Parameters = Record<string, unknown>;

interface ClaimWish {
  value?: string;
  values?: string[];
  essential?: boolean;
}
type Claims = Partial<Record<"id_token" | "userinfo", Record<string, ClaimWish | null>>>;

/** The parameter `claims` of a device's request, which the engine has judged when it came (OIDC Core §5.5). */
export const claimsWanted = (params: Parameters): Claims =>
  JSON.parse(textOf(params["claims"]) || "{}") as Claims;

export interface WantedScopes {
  openid: string[];
  api: string[];
  /** Claims that are asked for by name. */
  claims: string[];
  resources: string[];
  /** As the token names them. */
  all: string[];
  /** What a person reads: a claim that is asked for by name is shown as the scope that it belongs to. */
  shown: string[];
}

/** What a device's request asks for, of what its client may ask for. Pure. */
export function scopesWanted(params: Parameters, client: { [key: string]: unknown }): WantedScopes {
  const asked = valuesOf(params["scope"]);
  const openid = asked.filter((scope) => OPENID_SCOPES.includes(scope));
  const resources = [params["resource"] ?? []].flat().filter((one) => one === apiResource());
  const allowed = (client["resource_scopes"] as string[] | undefined) ?? [];
  const api =
    resources.length === 0
      ? []
      : asked.filter((scope) => API_SCOPES.some((one) => one === scope) && allowed.includes(scope));
  const { id_token: inToken = {}, userinfo = {} } = claimsWanted(params);
  const names = new Set([...Object.keys(inToken), ...Object.keys(userinfo)]);
  const claims = Object.entries(OPENID_CLAIMS).flatMap(([scope, belonging]) =>
    scope === "openid" ? [] : belonging.filter((name) => names.has(name)),
  );
  const all = [...openid, ...api];
  const shown = [...new Set([...all, ...scopesBehind(claims)])];
  return { openid, api, claims, resources: resources.map(String), all, shown };
}

/** What a device's request asks of the sign-in of whoever allows it. */
export function loginDemandsOf(params: Parameters, askedAt: Date, userId: string): LoginDemands {
  const wishes = claimsWanted(params).id_token ?? {};
  const acr = wishes["acr"];
  const essential = acr?.essential === true ? (acr.values ?? (acr.value ? [acr.value] : [])) : [];
  const hinted = textOf(params["id_token_hint"]);
  // Its signature was verified when the request came.
  const subjects = [wishes["sub"]?.value, hinted === "" ? undefined : decodeJwt(hinted).sub].filter(
    (subject) => subject !== undefined,
  );
  return {
    reasons: [
      ...(valuesOf(params["prompt"]).includes("login") ? ["login_prompt"] : []),
      ...(subjects.some((subject) => subject !== userId) ? ["claims_id_token_sub_value"] : []),
    ],
    // Parameters know whole seconds, and a sign-in of the same second is as good.
    askedAt: new Date(Math.floor(askedAt.getTime() / 1000) * 1000),
    maxAge: params["max_age"] as number | string | undefined,
    acrs: essential.length > 0 ? essential : valuesOf(params["acr_values"]),
    acrEssential: essential.length > 0,
  };
}
