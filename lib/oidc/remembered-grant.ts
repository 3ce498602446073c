import "server-only";
import { errors, type Grant, type KoaContextWithOIDC } from "oidc-provider";
import { findGrant, findGrantIdOf, saveGrantOfSession } from "@/lib/oidc/grant-store";
import { storableGrant } from "@/lib/oidc/storable-grant";
import { newSecret } from "@/lib/platform/crypto";

/**
 * What the user has allowed this client before. Each session gets a grant of its
 * own, so that taking back one, as after the reuse of a refresh token, ends
 * nothing elsewhere. A first-party client needs nobody's consent. A session that has
 * ended since the request began is nobody's, and gets none (INV-2).
 */
export async function loadRememberedGrant(ctx: KoaContextWithOIDC) {
  const { oidc } = ctx;
  const { client, session, account, provider } = oidc;
  if (!client || !account) return undefined;
  const known = oidc.result?.consent?.grantId ?? session?.grantIdFor(client.clientId);
  const existing = known === undefined ? undefined : await provider.Grant.find(known);
  if (client["first_party"] !== true) return existing ?? copyOfEarlier(ctx);
  const grant =
    existing ?? new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  if (existing === undefined) grant.jti = newSecret();
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(" "));
  for (const [resource, server] of Object.entries(oidc.resourceServers ?? {})) {
    const scopes = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope));
    if (scopes.length > 0) grant.addResourceScope(resource, scopes.join(" "));
  }
  return saved(ctx, grant);
}

async function copyOfEarlier(ctx: KoaContextWithOIDC) {
  const { oidc } = ctx;
  const { client, account, provider } = oidc;
  if (!client || !account) return undefined;
  const earlierId = await findGrantIdOf(account.accountId, client.clientId);
  const earlier = earlierId === null ? null : await findGrant(earlierId);
  if (earlier === null) return undefined;
  const { openid, resources } = earlier as { openid?: object; resources?: object };
  const grant = new provider.Grant({
    accountId: account.accountId,
    clientId: client.clientId,
    ...(openid && { openid }),
    ...(resources && { resources }),
  });
  grant.jti = newSecret();
  return saved(ctx, grant);
}

async function saved({ oidc }: KoaContextWithOIDC, grant: Grant): Promise<Grant> {
  const sessionId = oidc.session?.uid;
  if (
    sessionId === undefined ||
    !(await saveGrantOfSession(sessionId, await storableGrant(grant)))
  ) {
    throw new errors.LoginRequired("the session has ended meanwhile");
  }
  return grant;
}
