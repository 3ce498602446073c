import "server-only";
import { createLocalJWKSet, type JWK, jwtVerify } from "jose";
import {
  type AdapterPayload,
  errors,
  type Provider,
  type TokenEndpointGrantContext,
} from "oidc-provider";
import validateDpop, { checkDpopReplay } from "oidc-provider/lib/helpers/validate_dpop.js";
import { recordStandaloneEvent } from "@/lib/audit/record-event";
import { TOKEN_EXCHANGE_GRANT } from "@/lib/oidc/clients";
import { insertExchangedGrant, underItsGrant } from "@/lib/oidc/grant-store";
import { isHeldBack } from "@/lib/oidc/held-back";
import { issuer } from "@/lib/oidc/issuer";
import { API_SCOPES, apiResource, describeApi } from "@/lib/oidc/scopes";
import { findStructuredToken, type StructuredClaims } from "@/lib/oidc/structured-tokens";
import { getConfig } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { findUserOfSession } from "@/lib/sessions/current-principal";

const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
const TOKEN_TYPES = [ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt"];
/** Who acts for whom for whom: a longer chain is nobody's intention. */
const ACTORS_MAX = 3;

interface Parameters {
  subject_token?: string;
  subject_token_type?: string;
  actor_token?: string;
  actor_token_type?: string;
  requested_token_type?: string;
  audience?: string;
  resource?: string;
  scope?: string;
}

/** Who acts for the subject, and for whom in turn (RFC 8693 §4.1). */
type Act = { sub: string; act?: Act };

interface Subject {
  userId: string;
  clientId: string;
  sessionId: string;
  grantId: string;
  scopes: string[];
  expiresAt: number;
  /** The key to which it is bound. */
  jkt: string | undefined;
  act: Act | undefined;
}

/**
 * A client that was given the right exchanges a user's access token for one by which it
 * acts for that user (RFC 8693, F51): within the same session and organization, for the
 * same resource, with no scope and no second more, and it names who acts.
 */
export function registerTokenExchange(provider: Provider, keys: JWK[]): void {
  const keySet = createLocalJWKSet({ keys });
  provider.registerGrantType<Parameters>(
    TOKEN_EXCHANGE_GRANT,
    (ctx) => exchange(provider, keySet, ctx),
    [
      "subject_token",
      "subject_token_type",
      "actor_token",
      "actor_token_type",
      "requested_token_type",
      "audience",
      "resource",
      "scope",
    ],
  );
}

/**
 * Whether a token counts as far as its session goes, which is not held back; and one that is worth nothing
 * without its session still has it: one of our API, which
 * answers for people who are signed in, also where it was got by offline access; and one that was
 * exchanged. The engine asks only for sessions that its client has signed in to, and whoever acts
 * has signed nobody in.
 */
export async function hasItsSession(token: object): Promise<boolean> {
  if (await isHeldBack(token)) return false;
  const { gty, aud, sessionUid, accountId } = token as AdapterPayload;
  const isOfApi = accountId !== undefined && aud === apiResource();
  if (gty !== "token_exchange" && !isOfApi) return true;
  return sessionUid !== undefined && (await findUserOfSession(sessionUid)) === accountId;
}

async function exchange(
  provider: Provider,
  keySet: ReturnType<typeof createLocalJWKSet>,
  ctx: TokenEndpointGrantContext<Parameters>,
): Promise<void> {
  const { params, client } = ctx.oidc;
  checkParameters(params);
  const proof = await validateDpop(provider, ctx);
  if (proof === undefined && client["dpopBoundAccessTokens"] === true) {
    throw new errors.InvalidGrant("a DPoP proof is needed");
  }
  const subject = await findSubject(String(params.subject_token), keySet);
  // Whoever has copied a bound token has not got its key, and gets no other token for it.
  if (subject === null || (subject.jkt !== undefined && subject.jkt !== proof?.thumbprint)) {
    throw new errors.InvalidRequest("the subject_token is not acceptable");
  }
  const resource = apiResource();
  for (const wanted of [params.resource, params.audience]) {
    if (wanted !== undefined && wanted !== resource) throw new errors.InvalidTarget();
  }
  const scope = scopeOf(subject, client["resource_scopes"] as string[], params.scope);
  const act: Act = { sub: client.clientId, ...(subject.act && { act: subject.act }) };
  if (lengthOf(act) > ACTORS_MAX) {
    throw new errors.InvalidRequest("too many act for one another already");
  }
  await checkDpopReplay(provider, ctx, proof, client.clientId);

  const now = Math.floor(Date.now() / 1000);
  const lifetime = Math.min(subject.expiresAt - now, getConfig().tokens.accessLifetimeSeconds);
  if (lifetime < 1) throw new errors.InvalidRequest("the subject_token is not acceptable");
  const grantId = await aGrantFor(subject, client.clientId, scope, now + lifetime);
  const token = new provider.AccessToken({
    accountId: subject.userId,
    client,
    grantId,
    gty: "token_exchange",
    scope,
    sessionUid: subject.sessionId,
    expiresIn: lifetime,
    extra: { act },
    resourceServer: new provider.ResourceServer(resource, describeApi(scope)),
  });
  if (proof !== undefined) token.setThumbprint("jkt", proof.thumbprint);
  const value = await token.save();
  await recordStandaloneEvent(
    {
      action: "token.exchanged",
      outcome: "success",
      actor: { type: "system" },
      target: { type: "user", id: subject.userId },
      after: { clientId: client.clientId, ofClientId: subject.clientId, scope, act: { ...act } },
    },
    factsFromHeaders((name) => ctx.get(name) || null),
  );
  ctx.body = {
    access_token: value,
    issued_token_type: ACCESS_TOKEN,
    token_type: token.tokenType,
    expires_in: lifetime,
    scope,
  };
}

function checkParameters(params: Parameters): void {
  const { subject_token, subject_token_type, requested_token_type } = params;
  if (!subject_token || !TOKEN_TYPES.includes(subject_token_type ?? "")) {
    throw new errors.InvalidRequest("subject_token is an access token of ours, with its type");
  }
  if (requested_token_type !== undefined && requested_token_type !== ACCESS_TOKEN) {
    throw new errors.InvalidRequest("requested_token_type is that of an access token");
  }
  // The client itself is who acts: it has just shown that it is itself.
  if (params.actor_token !== undefined || params.actor_token_type !== undefined) {
    throw new errors.InvalidRequest("no actor_token is taken: the client is who acts");
  }
}

/** The token of a user for our API while it counts, session and grant with it; null for all else. */
async function findSubject(
  jwt: string,
  keySet: ReturnType<typeof createLocalJWKSet>,
): Promise<Subject | null> {
  let claims: StructuredClaims & { exp: number; act?: Act };
  try {
    const { payload } = await jwtVerify(jwt, keySet, {
      issuer: issuer(),
      audience: apiResource(),
      typ: "at+jwt",
      algorithms: ["ES256", "EdDSA"],
      requiredClaims: ["exp", "jti", "sub", "client_id"],
    });
    claims = payload as never;
  } catch {
    return null;
  }
  const stored: AdapterPayload | null = await findStructuredToken(claims);
  const { accountId, sessionUid, grantId, jkt } = stored ?? {};
  // A client's own token, and one that outlives its session, stand for nobody who is here.
  if (accountId === undefined || sessionUid === undefined || grantId === undefined) return null;
  if ((await findUserOfSession(sessionUid)) !== accountId) return null;
  if (await isHeldBack({ accountId, sessionUid })) return null;
  return {
    userId: accountId,
    clientId: claims.client_id,
    sessionId: sessionUid,
    grantId,
    scopes: (claims.scope ?? "").split(" "),
    expiresAt: claims.exp,
    jkt,
    act: claims.act,
  };
}

/** What both the token and the client may; asked for more, nothing is given at all. */
function scopeOf(subject: Subject, own: readonly string[], wanted: string | undefined): string {
  const possible = API_SCOPES.filter(
    (scope) => subject.scopes.includes(scope) && own.includes(scope),
  );
  const asked = wanted === undefined ? possible : wanted.split(" ");
  if (asked.length === 0 || !asked.every((scope) => possible.some((one) => one === scope))) {
    throw new errors.InvalidScope(
      "neither more than the token nor than the client may",
      wanted ?? "",
    );
  }
  return possible.filter((scope) => asked.includes(scope)).join(" ");
}

const lengthOf = (act: Act | undefined): number => (act === undefined ? 0 : 1 + lengthOf(act.act));

async function aGrantFor(
  subject: Subject,
  clientId: string,
  scope: string,
  expiresAt: number,
): Promise<string> {
  const id = newSecret();
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    kind: "Grant",
    jti: id,
    accountId: subject.userId,
    clientId,
    iat: now,
    exp: expiresAt,
    resources: { [apiResource()]: scope },
  };
  const made = await underItsGrant(
    insertExchangedGrant({ id, clientId, parentId: subject.grantId }, payload, expiresAt - now),
  );
  if (!made) throw new errors.InvalidRequest("the subject_token is not acceptable");
  return id;
}
