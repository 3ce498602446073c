import "server-only";
import { SUPERSEDED } from "@/lib/oidc/artifact-adapter";
import { authorizeRequest } from "@/lib/oidc/authorize-request";
import { FIRST_PARTY_CLIENT_ID } from "@/lib/oidc/clients";
import { deleteGrant } from "@/lib/oidc/grant-store";
import { issuer } from "@/lib/oidc/issuer";
import { findAuthorizations, mergeAuthorizations } from "@/lib/oidc/oidc-session-store";
import { getProvider } from "@/lib/oidc/provider";
import { REUSED } from "@/lib/oidc/refresh-reuse";
import { API_SCOPES, API_WRITE, apiResource, describeApi } from "@/lib/oidc/scopes";
import { answerOidcWebRequest } from "@/lib/oidc/web-handler";
import { getConfig } from "@/lib/platform/config";
import { keepSession } from "@/lib/sessions/current-principal";
import type { RequestFacts } from "@/lib/shared/caller";

export interface FirstPartyTokens {
  accessToken: string;
  expiresInSeconds: number;
  scope: string;
  refreshToken: string;
}

/**
 * Tokens of our own API for a session that has just begun, by the engine's own
 * models: the same rows, the same rotation, the same end as those of any client.
 * They end with the session, which lasts as long unused as the refresh token.
 */
export async function issueFirstPartyTokens(
  userId: string,
  sessionId: string,
): Promise<FirstPartyTokens> {
  const provider = await getProvider();
  const client = await provider.Client.find(FIRST_PARTY_CLIENT_ID);
  if (client === undefined) throw new Error("the first-party client is missing");
  const scope = API_SCOPES.join(" ");
  const resource = apiResource();
  const grant = new provider.Grant({ accountId: userId, clientId: FIRST_PARTY_CLIENT_ID });
  grant.addResourceScope(resource, scope);
  const grantId = await grant.save();
  await mergeAuthorizations(sessionId, { [FIRST_PARTY_CLIENT_ID]: { grantId } });
  const common = {
    accountId: userId,
    client,
    grantId,
    gty: "first_party",
    scope,
    sessionUid: sessionId,
    expiresWithSession: true,
  };
  const expiresInSeconds = getConfig().tokens.accessLifetimeSeconds;
  const accessToken = new provider.AccessToken({
    ...common,
    resourceServer: new provider.ResourceServer(resource, describeApi(scope)),
  });
  const refreshToken = new provider.RefreshToken({ ...common, resource });
  await keepSession(sessionId, userId, getConfig().tokens.refreshLifetimeSeconds);
  return {
    accessToken: await accessToken.save(),
    expiresInSeconds,
    scope,
    refreshToken: await refreshToken.save(),
  };
}

/** The engine could not answer, which says nothing of the token: it stays as it is. */
export class TokenEngineUnavailable extends Error {
  constructor() {
    super("the authorization server could not answer");
    this.name = "TokenEngineUnavailable";
  }
}

export type RefreshResult =
  | ({ outcome: "refreshed" } & FirstPartyTokens)
  | {
      outcome: "refused";
      /** `superseded`: used a moment ago, and its successor is what counts. */
      reason: "reused" | "superseded" | "ended";
    };

/** Replaces a refresh token through the engine's own token endpoint, without the network. */
export async function refreshFirstPartyTokens(
  refreshToken: string,
  facts: RequestFacts,
): Promise<RefreshResult> {
  const answer = await ask(
    "/token",
    { grant_type: "refresh_token", refresh_token: refreshToken },
    facts,
  );
  if (answer.status >= 500) throw new TokenEngineUnavailable();
  if (!answer.ok) {
    const { error_description: told } = (await answer.json()) as { error_description?: string };
    if (told === REUSED) return { outcome: "refused", reason: "reused" };
    return { outcome: "refused", reason: told === SUPERSEDED ? "superseded" : "ended" };
  }
  const tokens = (await answer.json()) as {
    access_token: string;
    expires_in: number;
    scope: string;
    refresh_token: string;
  };
  const session = await findSessionOfRefreshToken(tokens.refresh_token);
  if (session === null) return { outcome: "refused", reason: "ended" };
  const { refreshLifetimeSeconds } = getConfig().tokens;
  await keepSession(session.sessionId, session.userId, refreshLifetimeSeconds);
  return {
    outcome: "refreshed",
    accessToken: tokens.access_token,
    expiresInSeconds: tokens.expires_in,
    scope: tokens.scope,
    refreshToken: tokens.refresh_token,
  };
}

/** The session that a refresh token belongs to, while it is good for anything; it is not used up. */
export async function findSessionOfRefreshToken(
  refreshToken: string,
): Promise<{ sessionId: string; userId: string } | null> {
  const token = await (await getProvider()).RefreshToken.find(refreshToken);
  if (token?.clientId !== FIRST_PARTY_CLIENT_ID) return null;
  const { sessionUid, accountId } = token;
  return sessionUid && accountId ? { sessionId: sessionUid, userId: accountId } : null;
}

/** The session that an access token of our own client belongs to; an app's names none here. */
export async function findSessionOfAccessToken(
  header: (name: string) => string | null,
): Promise<{ sessionId: string; userId: string } | null> {
  const asked = { method: "POST", url: apiResource(), header };
  const judgement = await authorizeRequest(asked, apiResource(), API_WRITE);
  if (judgement.outcome !== "authorized") return null;
  const { clientId, sessionId, subject } = judgement.token;
  return clientId === FIRST_PARTY_CLIENT_ID && sessionId !== null
    ? { sessionId, userId: subject }
    : null;
}

/** Takes back what was issued to our own client in a session: its access tokens die with it. */
export async function revokeFirstPartyTokens(sessionId: string): Promise<void> {
  const authorizations = await findAuthorizations(sessionId);
  const grantId = authorizations[FIRST_PARTY_CLIENT_ID]?.grantId;
  if (grantId !== undefined) await deleteGrant(grantId);
}

function ask(path: string, fields: Record<string, string>, facts: RequestFacts): Promise<Response> {
  const body = new URLSearchParams({ ...fields, client_id: FIRST_PARTY_CLIENT_ID });
  return answerOidcWebRequest(new Request(`${issuer()}${path}`, { method: "POST", body }), facts);
}
