import "server-only";
import { RESERVED_IDS } from "@/lib/federation/connection.schema";
import { type Asked, holdProvider } from "@/lib/federation/connections";
import { discover, oidcClientOf } from "@/lib/federation/discovery";
import { findProvider } from "@/lib/federation/providers";
import {
  claimPendingUpstream,
  deleteUpstreamLeftovers,
  detachForSignOut,
  findBySignOut,
  findVoucherOf,
  insertUpstreamSession,
  lockPendingUpstream,
  type UpstreamSessionRow,
} from "@/lib/federation/upstream-session-store";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, isSecret } from "@/lib/platform/crypto";
import type { Db } from "@/lib/platform/db/client";
import { SealBroken, seal, unseal } from "@/lib/platform/encryption";
import { newId } from "@/lib/platform/id";
import type { SealedColumn } from "@/lib/platform/reencryption";
import { minutes } from "@/lib/shared/duration";

/** How long after the end of our session the provider's can be ended from here. */
export const UPSTREAM_SIGN_OUT_SECONDS = minutes(10);

const placeOf = (id: string): string => `upstream_sessions.id_token:${id}`;

/** Where providers' id tokens are kept. */
export const SEALED_ID_TOKENS: SealedColumn = {
  table: "upstream_sessions",
  column: "id_token",
  key: "id",
  placeOf,
};

/** What a provider says when somebody signs in there: the verified id token as it came. */
export interface UpstreamToken extends Asked {
  subject: string;
  sid: string | null;
  idToken: string;
}

/** Keeps the id token, sealed, for signing out there; answers with the id to claim it by. */
export async function keepUpstreamSession(token: UpstreamToken): Promise<string> {
  const id = newId();
  const { provider, connection, subject, sid } = token;
  const idToken = seal(Buffer.from(token.idToken), placeOf(id));
  const voucher = {
    provider,
    connectionId: connection?.id ?? null,
    issuer: connection?.issuer ?? null,
  };
  await insertUpstreamSession({ id, ...voucher, subject, sid, idToken });
  return id;
}

/**
 * Whether the session at the provider still stands from which a sign-in is about
 * to open one here; false once the provider said that it has ended, or was switched
 * off, deleted or changed for another here, however far the sign-in had come (ATK-11, ATK-16).
 */
export async function holdUpstream(id: string, tx: Db): Promise<boolean> {
  const voucher = await findVoucherOf(id, tx);
  if (voucher === null) return false;
  const { provider, connectionId, issuer } = voucher;
  const connection = connectionId === null || issuer === null ? null : { id: connectionId, issuer };
  // The connection first, in the order of whoever switches it off.
  if (!(await holdProvider({ provider, connection }, tx))) return false;
  return lockPendingUpstream(id, tx);
}

/** Ties what was kept to the session that came of it, with which it ends. */
export const claimUpstream = (id: string, sessionId: string, tx: Db): Promise<void> =>
  claimPendingUpstream(id, sessionId, tx);

/**
 * Keeps the provider's session within reach of this secret when ours is about to
 * end; answers with the provider, or null for a session that came from none.
 */
export const detachUpstream = (sessionId: string, secret: string, tx: Db): Promise<string | null> =>
  detachForSignOut(sessionId, hashSecret(secret), UPSTREAM_SIGN_OUT_SECONDS, tx);

/** The provider's own sign-out (OIDC Discovery 1.0 §3); null where it has none, or is down. Never throws. */
export async function findSignOutEndpoint(provider: string): Promise<string | null> {
  const client = await oidcClientOf(provider);
  return (client && (await discover(client))?.end_session_endpoint) ?? null;
}

/**
 * What the browser brings back from the provider. Made of its secret, and not
 * the secret itself, which would open the id token to whoever reads an address.
 */
export const signOutStateOf = (secret: string): string =>
  Buffer.from(hashSecret(`sign-out state ${secret}`)).toString("base64url");

export interface UpstreamSignOut {
  providerName: string;
  /** Where the browser signs out at the provider (OIDC RP-Initiated Logout 1.0 §2). */
  address: string;
}

/** Where whoever just signed out here does so at their provider; null when there is no such place. */
export async function findUpstreamSignOut(secret: unknown): Promise<UpstreamSignOut | null> {
  if (!isSecret(secret)) return null;
  const row = await findBySignOut(hashSecret(secret));
  const client = row && (await oidcClientOf(row.provider));
  if (!row || !client) return null;
  // What one issuer said of somebody is told to no other that has taken its place (ATK-11).
  if (!RESERVED_IDS.includes(row.provider) && row.issuer !== client.issuer) return null;
  const endpoint = (await discover(client))?.end_session_endpoint;
  if (!endpoint) return null;
  // Only the provider's own metadata say where it leads: nothing that a request brings.
  const address = new URL(endpoint);
  const idToken = openIdToken(row);
  if (idToken !== null) address.searchParams.set("id_token_hint", idToken);
  address.searchParams.set("client_id", client.clientId);
  const back = new URL("/signed-out", getConfig().appUrl).href;
  address.searchParams.set("post_logout_redirect_uri", back);
  address.searchParams.set("state", signOutStateOf(secret));
  return {
    providerName: (await findProvider(row.provider))?.name ?? row.provider,
    address: address.href,
  };
}

/** Null where it cannot be read any more: the provider then asks whom it signs out. */
function openIdToken({ id, idToken }: UpstreamSessionRow): string | null {
  try {
    return unseal(idToken, placeOf(id)).toString();
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

/** Deletes what no live session holds any more; returns how much. */
export const purgeUpstreamSessions = (): Promise<number> => deleteUpstreamLeftovers();
