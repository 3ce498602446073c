import "server-only";
import type { KoaContextWithOIDC } from "oidc-provider";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { findPrincipalOfSession } from "@/lib/sessions/current-principal";
import { isWithinRanges } from "@/lib/shared/address-range";
import { holdOf } from "@/lib/shared/assurance";

/** What of a code or a token says whose it is, and from which of their sessions. */
export interface OfSession {
  sessionUid?: string | undefined;
  accountId?: string | undefined;
  clientId?: string | undefined;
}

/**
 * Whether the session that a code or a token came from is held back by a rule of its organization: then
 * it is worth nothing until that is over, at the authorization server as at the API (ATK-33). One whose
 * session has ended is none of these: what outlives it is said by the grant.
 */
export async function isHeldBack(token: OfSession): Promise<boolean> {
  const principal = await principalOf(token);
  return principal !== null && holdOf(principal) !== null;
}

/**
 * The same for whoever asks with it themselves. Where the client shows that it is itself, it is its server
 * that asks, from an address that says nothing of where its user is; without that it is
 * a program of the user's, and is good where their organization is used from (F86).
 */
export async function isKeptOut(ctx: KoaContextWithOIDC, token: OfSession): Promise<boolean> {
  const principal = await principalOf(token);
  if (principal === null) return false;
  if (holdOf(principal) !== null) return true;
  if (ctx.oidc.client?.clientAuthMethod !== "none") return false;
  return !isWithinRanges(factsFromHeaders((name) => ctx.get(name) || null).ip, principal.networks);
}

/** Asked as an app does, which is no use of the session by its user. */
const principalOf = async ({ sessionUid, accountId, clientId }: OfSession) =>
  sessionUid === undefined || accountId === undefined
    ? null
    : findPrincipalOfSession(sessionUid, accountId, clientId ?? "");
