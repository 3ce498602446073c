import "server-only";
import type { AdapterPayload, Grant } from "oidc-provider";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { answerDeviceRequest, findOpenDeviceRequest } from "@/lib/oidc/device-request-store";
import { claimsWanted, loginDemandsOf, scopesWanted } from "@/lib/oidc/device-wishes";
import { judgeLogin } from "@/lib/oidc/judge-login";
import { findAuthorizations, mergeAuthorizations } from "@/lib/oidc/oidc-session-store";
import { getProvider } from "@/lib/oidc/provider";
import { storableGrant } from "@/lib/oidc/storable-grant";
import { formatUserCode, hashesOfUserCode, normaliseUserCode } from "@/lib/oidc/user-code";
import { newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { SealBroken, seal, unseal } from "@/lib/platform/encryption";
import { networkOf } from "@/lib/platform/http/client-address";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import { holdSession } from "@/lib/sessions/hold-session";
import type { Acr } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { minutes } from "@/lib/shared/duration";
import { lockUser } from "@/lib/users/user-identity";

/**
 * Of 20^8 codes a person tries ten, and a network a hundred, in the time that a
 * code lives. Right ones count as well, so that nobody earns guesses (RFC 8628 §5.1, ATK-34).
 */
const TRIES_PER_PERSON: Limit = {
  name: "device-code-person",
  pointsMax: 10,
  windowSeconds: minutes(10),
};
const TRIES_PER_NETWORK: Limit = {
  name: "device-code-network",
  pointsMax: 100,
  windowSeconds: minutes(10),
};
const PLACE = "device.request";

export type DeviceLookup =
  /** `handle` is what the next page is asked with, by this session alone. */
  | { outcome: "found"; handle: string }
  /** One answer for a code that is wrong, too old or answered. */
  | { outcome: "rejected"; reason: "unknown" }
  | { outcome: "limited"; retryAfterSeconds: number };

/** Looks for the device that shows what the caller typed, at the price of a try (F50). */
export async function findDevice(caller: Caller, typed: string): Promise<DeviceLookup> {
  const { principal, request } = caller;
  for (const [limit, subject] of [
    [TRIES_PER_PERSON, principal.userId],
    [TRIES_PER_NETWORK, networkOf(request.ip)],
  ] as const) {
    const budget = await spend(limit, subject);
    if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  }
  const code = normaliseUserCode(typed);
  const found = code && (await findOpenDeviceRequest(hashesOfUserCode(code)));
  if (!code || !found) return { outcome: "rejected", reason: "unknown" };
  // Sealed for this session: a link that somebody sends skips the typing for nobody (RFC 8628 §5.4).
  const sealed = seal(Buffer.from(`${principal.session.id} ${code}`), PLACE);
  return { outcome: "found", handle: Buffer.from(sealed).toString("base64url") };
}

/** The code behind a handle of this very session, or null. */
function codeBehind(handle: string, { principal }: Caller): string | null {
  try {
    const [session, code] = unseal(Buffer.from(handle, "base64url"), PLACE).toString().split(" ");
    return session === principal.session.id ? (code ?? null) : null;
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

export interface DeviceAsking {
  clientName: string;
  userCode: string;
  scopes: string[];
  ip: string | null;
  userAgent: string | null;
  askedAt: Date;
  /** Whether the device is in the network that the caller is in. */
  sameNetwork: boolean;
}

export type DeviceStep =
  | ({ step: "confirm" } & DeviceAsking)
  | { step: "step-up"; acr: Acr | undefined }
  /** It asks for somebody else, for what nobody can reach here, or for nothing. */
  | { step: "impossible"; clientName: string }
  | { step: "unknown" };

/** What a device asks of the caller, who typed its code before. */
export async function findDeviceStep(caller: Caller, handle: string): Promise<DeviceStep> {
  const code = codeBehind(handle, caller);
  const found = code && (await findOpenDeviceRequest(hashesOfUserCode(code)));
  if (!code || !found) return { step: "unknown" };
  const { payload, createdAt } = found;
  const client = await (await getProvider()).Client.find(String(payload.clientId));
  if (client === undefined) return { step: "unknown" };
  const clientName = client.clientName ?? "the app";
  const params = payload.params ?? {};
  const wanted = scopesWanted(params, client);
  const demands = loginDemandsOf(params, createdAt, caller.principal.userId);
  const judgement = judgeLogin(caller.principal.session, demands, new Date());
  if (judgement.verdict === "unreachable" || wanted.all.length === 0) {
    return { step: "impossible", clientName };
  }
  if (judgement.verdict === "step-up") return { step: "step-up", acr: judgement.acr };
  const { ip = null, userAgent = null } = (payload["deviceInfo"] ?? {}) as Partial<DeviceAsking>;
  return {
    step: "confirm",
    clientName,
    userCode: formatUserCode(code),
    scopes: wanted.shown,
    ip,
    userAgent,
    askedAt: createdAt,
    sameNetwork: ip !== null && networkOf(ip) === networkOf(caller.request.ip),
  };
}

export type DeviceAnswer =
  | { outcome: "answered"; clientName: string }
  | { outcome: "rejected"; reason: "gone" };

/**
 * The caller's answer to a device, once: of two answers the first counts. What
 * they allow is a grant of this session, as after a sign-in in a browser; a
 * refusal is what the device is told (RFC 8628 §3.5).
 */
export async function answerDevice(
  caller: Caller,
  handle: string,
  allow: boolean,
): Promise<DeviceAnswer> {
  const gone = { outcome: "rejected", reason: "gone" } as const;
  const code = codeBehind(handle, caller);
  const step = await findDeviceStep(caller, handle);
  if (code === null || (allow ? step.step !== "confirm" : step.step === "unknown")) return gone;
  const hashes = hashesOfUserCode(code);
  const found = await findOpenDeviceRequest(hashes);
  if (found === null) return gone;
  const approval = allow ? await approvalOf(caller, found.payload) : null;
  if (allow && approval === null) return gone;
  const { answer, grant } = approval ?? {
    answer: { error: "access_denied", errorDescription: "the user does not allow it" },
    grant: null,
  };
  const clientId = String(found.payload.clientId);
  const counts = await inTransaction(async (tx) => {
    // Whoever takes back all that the user has granted is waited for, or waits.
    await lockUser(caller.principal.userId, tx);
    if (!(await holdSession(caller, tx))) return false;
    if (!(await answerDeviceRequest(hashes, answer, grant, tx))) return false;
    await recordEvent(
      {
        action: allow ? "client.authorized" : "client.denied",
        outcome: allow ? "success" : "denied",
        actor: actorOfPrincipal(caller.principal),
        target: { type: "client", id: clientId },
        after: { by: "device", scopes: step.step === "confirm" ? step.scopes : [] },
      },
      caller.request,
      tx,
    );
    return true;
  });
  if (!counts) return gone;
  return { outcome: "answered", clientName: "clientName" in step ? step.clientName : "the app" };
}

/**
 * What the engine is to know of an approved device, and the grant under it: what
 * its own page would store. Null when the session has ended.
 */
async function approvalOf(caller: Caller, payload: AdapterPayload) {
  const { userId, session } = caller.principal;
  const provider = await getProvider();
  const client = await provider.Client.find(String(payload.clientId));
  if (client === undefined) return null;
  const params = payload.params ?? {};
  const wanted = scopesWanted(params, client);
  const claims = claimsWanted(params);
  const known = (await findAuthorizations(session.id))[client.clientId];
  const existing = known?.grantId && (await provider.Grant.find(known.grantId));
  const grant: Grant =
    existing || new provider.Grant({ accountId: userId, clientId: client.clientId });
  if (!existing) grant.jti = newSecret();
  if (wanted.openid.length > 0) grant.addOIDCScope(wanted.openid.join(" "));
  if (wanted.claims.length > 0) grant.addOIDCClaims(wanted.claims);
  for (const resource of wanted.resources) {
    grant.addResourceScope(resource, wanted.api.join(" "));
  }
  const authorization = { sid: known?.sid ?? newSecret(), grantId: grant.jti };
  const outlivesSession = wanted.openid.includes("offline_access");
  const added = await mergeAuthorizations(session.id, {
    [client.clientId]: {
      ...known,
      ...authorization,
      ...(outlivesSession && { persistsLogout: true }),
    },
  });
  if (!added) return null;
  const [resource, ...more] = wanted.resources;
  return {
    answer: {
      accountId: userId,
      acr: session.acr,
      amr: session.amr,
      authTime: Math.floor(session.authTime.getTime() / 1000),
      grantId: grant.jti,
      scope: wanted.all.join(" "),
      sessionUid: session.id,
      ...(Object.keys(claims).length > 0 && { claims }),
      ...(resource !== undefined && { resource: more.length > 0 ? wanted.resources : resource }),
      ...(!outlivesSession && { expiresWithSession: true }),
      ...(client["backchannelLogoutUri"] !== undefined && { sid: authorization.sid }),
    },
    grant: await storableGrant(grant),
  };
}
