import "server-only";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import { findArtifact, saveArtifact } from "@/lib/oidc/artifact-store";
import { readForm, routed } from "@/lib/oidc/engine-request";
import { findAuthorizations } from "@/lib/oidc/oidc-session-store";
import { pairwiseSubject } from "@/lib/oidc/pairwise";
import { textOf } from "@/lib/oidc/parameters";
import { getConfig } from "@/lib/platform/config";
import { newSecret } from "@/lib/platform/crypto";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import {
  clearedSessionCookie,
  findPrincipal,
  sessionCookieName,
} from "@/lib/sessions/current-principal";
import { endSession } from "@/lib/sessions/revoke-sessions";
import { minutes } from "@/lib/shared/duration";
import type { Principal } from "@/lib/shared/principal";

const KIND = "EndSessionRequest";
const ASKED_FOR_SECONDS = minutes(30);
const ENDPOINT = "/session/end";
/** Where somebody ends up whom no client wants back. */
const SIGNED_OUT_PATH = "/signed-out";

type Middleware = Parameters<Provider["use"]>[0];

export interface EndSessionRequest {
  sessionId: string;
  clientName: string | null;
  /** A registered address of the client with its state, or null. */
  backTo: string | null;
}

/**
 * Answers a client's request to sign its user out, once the engine has found it
 * in order (OpenID Connect RP-Initiated Logout 1.0 §2). Whose ID token of this
 * very session it brings is signed out at once; whoever else is asked by a page of
 * ours, so that no link signs anybody out (ASVS V10.6.2, ATK-30). Back at the client goes
 * only who is signed out, and only to an address that is registered for it.
 */
export const answerEndSession: Middleware = async (ctx, next) => {
  if (routed(ctx.path) !== ENDPOINT) {
    await next();
    return;
  }
  if (ctx.method === "POST") return asGet(ctx);
  await next();
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
  if (oidc?.route !== "end_session" || ctx.status !== 200) return;
  const principal = await findPrincipal(ctx.cookies.get(sessionCookieName(), { signed: false }));
  const backTo = returnAddress(oidc);
  let to = backTo ?? SIGNED_OUT_PATH;
  if (principal !== null) {
    if (await isProvenFor(principal, oidc)) {
      const facts = factsFromHeaders((name) => ctx.get(name) || null);
      await endSession(principal.userId, principal.session.id, facts);
      ctx.append("set-cookie", clearedSessionCookie());
    } else {
      to = `/end-session/${await ask(principal, oidc, backTo)}`;
    }
  }
  ctx.status = 303;
  ctx.redirect(to);
};

/**
 * A POST comes from another site without our cookie; the same request as a
 * navigation brings it along, so both methods work alike.
 */
async function asGet(ctx: Parameters<Middleware>[0]): Promise<void> {
  const form = await readForm(ctx.req);
  if (form === null || !ctx.is("application/x-www-form-urlencoded")) {
    ctx.status = form === null ? 413 : 400;
    ctx.body = { error: "invalid_request" };
    return;
  }
  ctx.status = 303;
  ctx.redirect(`${getConfig().origin}/oidc${ENDPOINT}?${form}`);
}

function returnAddress({ params }: KoaContextWithOIDC["oidc"]): string | null {
  const address = textOf(params?.["post_logout_redirect_uri"]);
  if (address === "") return null;
  const url = new URL(address);
  const state = params?.["state"];
  if (typeof state === "string") url.searchParams.set("state", state);
  return url.href;
}

/** Whether the client showed an ID token that it got in this very session. */
async function isProvenFor(
  { userId, session }: Principal,
  { entities, client }: KoaContextWithOIDC["oidc"],
): Promise<boolean> {
  const hint = (entities.IdTokenHint as { payload?: { sub?: string; sid?: string } } | undefined)
    ?.payload;
  if (hint === undefined || client === undefined) return false;
  const pairwise = client["pairwise_sector"] !== undefined;
  const known = pairwise ? await pairwiseSubject(undefined, userId, client) : userId;
  if (hint.sub !== known) return false;
  const here = (await findAuthorizations(session.id))[client.clientId];
  return here !== undefined && (hint.sid === undefined || hint.sid === here.sid);
}

async function ask(
  { session }: Principal,
  { client }: KoaContextWithOIDC["oidc"],
  backTo: string | null,
): Promise<string> {
  const uid = newSecret();
  const request: EndSessionRequest = {
    sessionId: session.id,
    clientName: client?.clientName ?? null,
    backTo,
  };
  await saveArtifact(KIND, uid, { ...request }, ASKED_FOR_SECONDS);
  return uid;
}

/** What a client asked for that has to be confirmed; null when it is too old or never was. */
export async function findEndSessionRequest(uid: string): Promise<EndSessionRequest | null> {
  const found = await findArtifact(KIND, uid);
  return found === null || !found.current ? null : (found.payload as unknown as EndSessionRequest);
}
