import "server-only";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import type { ClaimTarget } from "@/lib/oidc/claim-template.schema";
import { type ClaimPlace, findClaimFacts, findTemplates } from "@/lib/oidc/claim-template-store";
import { findClientRow } from "@/lib/oidc/client-store";
import { pairwiseSubject } from "@/lib/oidc/pairwise";
import { type RenderedClaims, renderClaims } from "@/lib/oidc/render-claims";
import { log } from "@/lib/platform/log";
import { isId } from "@/lib/shared/id.schema";

export type ClaimRequest = ClaimPlace & {
  clientId: string;
  userId: string;
  /** What was granted. */
  scopes: ReadonlySet<string>;
  target: ClaimTarget;
};

/** The claims that administrators have added for this client, user and place, by what was granted (F43). */
export async function findCustomClaims({
  clientId,
  userId,
  scopes,
  target,
  ...place
}: ClaimRequest): Promise<RenderedClaims> {
  const templates = (await findTemplates(clientId)).filter(
    (template) => scopes.has(template.scope) && template.targets.includes(target),
  );
  if (templates.length === 0) return { claims: [], leftOut: [] };
  const facts = await findClaimFacts(userId, place);
  if (facts === null) return { claims: [], leftOut: [] };
  const id = await nameAt(clientId, userId);
  const rendered = renderClaims(templates, { ...facts, id });
  if (rendered.leftOut.length > 0) {
    log.warn("claims were too large and left out", { clientId, claims: rendered.leftOut });
  }
  return rendered;
}

/** By which name a client knows a user: the one in its tokens. */
async function nameAt(clientId: string, userId: string): Promise<string> {
  const sector = (await findClientRow(clientId))?.pairwiseSector ?? null;
  return sector === null ? userId : pairwiseSubject(undefined, userId, { pairwise_sector: sector });
}

/** Adds them where there is no claim of that name already. */
export async function addCustomClaims(
  payload: Record<string, unknown>,
  request: ClaimRequest,
): Promise<void> {
  const { claims } = await findCustomClaims(request);
  for (const [name, value] of claims) {
    if (!Object.hasOwn(payload, name)) payload[name] = value;
  }
}

interface Source {
  sessionUid?: string | undefined;
  scopes: ReadonlySet<string>;
}

/** What is being exchanged or shown. */
function sourceOf({ oidc }: KoaContextWithOIDC): Source | undefined {
  const { AuthorizationCode, RefreshToken, DeviceCode, AccessToken } = oidc.entities;
  return AuthorizationCode ?? RefreshToken ?? DeviceCode ?? AccessToken;
}

/** The session that it came from, and what was granted of what it asks for. */
function termsOf(ctx: KoaContextWithOIDC): {
  sessionId: string | null;
  scopes: ReadonlySet<string>;
} {
  const source = sourceOf(ctx);
  const sessionId = source?.sessionUid;
  const granted = ctx.oidc.grant?.getOIDCScopeFiltered(new Set(source?.scopes));
  return {
    sessionId: sessionId !== undefined && isId(sessionId) ? sessionId : null,
    scopes: new Set((granted ?? "").split(" ")),
  };
}

interface IdToken {
  ctx?: KoaContextWithOIDC;
  client?: { clientId: string };
  extra: Record<string, unknown>;
  issue(options: { use: string }): Promise<string>;
}

/** Lets the engine's id tokens say what administrators have added. */
export function extendIdTokens(provider: Provider): void {
  const prototype = provider.IdToken.prototype as unknown as IdToken;
  const { issue } = prototype;
  prototype.issue = async function (this: IdToken, options): Promise<string> {
    const { client, ctx } = this;
    const userId = ctx?.oidc.account?.accountId;
    if (options.use === "idtoken" && client !== undefined && ctx !== undefined && userId) {
      const { clientId } = client;
      const request = { clientId, userId, ...termsOf(ctx), target: "id_token" } as const;
      await addCustomClaims(this.extra, request);
    }
    return issue.call(this, options);
  };
}

/** The same for the answer of userinfo, after the engine has made it. */
export const extendUserinfo: Parameters<Provider["use"]>[0] = async (ctx, next) => {
  await next();
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== "userinfo" || ctx.status !== 200) return;
  const answer = ctx.body as unknown;
  const { account, client } = oidc;
  if (typeof answer !== "object" || answer === null || !account || !client) return;
  await addCustomClaims(answer as Record<string, unknown>, {
    clientId: client.clientId,
    userId: account.accountId,
    ...termsOf(ctx as unknown as KoaContextWithOIDC),
    target: "userinfo",
  });
};
