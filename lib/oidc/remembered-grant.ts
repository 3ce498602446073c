import "server-only";
import type { KoaContextWithOIDC } from "oidc-provider";
import { findGrant, findGrantIdOf } from "@/lib/oidc/grant-store";

/**
 * What the user has allowed this client before. Each session gets a grant of its
 * own, so that taking back one, as after the reuse of a refresh token, ends
 * nothing elsewhere. A first-party client needs nobody's consent.
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
  grant.addOIDCScope([...oidc.requestParamOIDCScopes].join(" "));
  for (const [resource, server] of Object.entries(oidc.resourceServers ?? {})) {
    const scopes = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope));
    if (scopes.length > 0) grant.addResourceScope(resource, scopes.join(" "));
  }
  await grant.save();
  return grant;
}

async function copyOfEarlier({ oidc }: KoaContextWithOIDC) {
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
  await grant.save();
  return grant;
}
