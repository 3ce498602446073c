import "server-only";
import { createHash } from "node:crypto";
import { calculateJwkThumbprint, decodeProtectedHeader } from "jose";
import { type Adapter, type AdapterPayload, errors, Provider } from "oidc-provider";
import {
  consumeArtifact,
  deleteArtifact,
  deleteArtifactsOfGrant,
  findArtifact,
  replaceRefreshToken,
  saveArtifact,
} from "@/lib/oidc/artifact-store";
import { keepDocumentClient } from "@/lib/oidc/client-store";
import { findClientMetadata } from "@/lib/oidc/clients";
import { deviceCodes } from "@/lib/oidc/device-codes";
import { isDocumentClient } from "@/lib/oidc/document-clients";
import {
  initialTokens,
  registrationTokens,
  removeDynamicClient,
  saveDynamicClient,
} from "@/lib/oidc/dynamic-clients";
import { deleteGrant, findGrant, saveGrant, underItsGrant } from "@/lib/oidc/grant-store";
import { lookForSuccessor } from "@/lib/oidc/refresh-successor";

const unsupported = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} is not how this is stored`);
};

/** The value itself is not stored: its hash is where the payload stands. */
function withoutValue({ jti: _, ...payload }: AdapterPayload): AdapterPayload {
  return payload;
}

/** PostgreSQL stores no NUL, and nobody has a reason to send one. */
function withoutNul(payload: AdapterPayload): AdapterPayload {
  if (JSON.stringify(payload).includes("\\u0000")) {
    throw new errors.InvalidRequest("a parameter contains a NUL");
  }
  return payload;
}

/** `alsoExpired` leaves it to the engine to say that something has expired, while it is stored. */
function artifacts(kind: string, { alsoExpired = false } = {}): Adapter {
  return {
    async find(value) {
      const found = await findArtifact(kind, value);
      if (found === null || !(found.current || alsoExpired)) return undefined;
      const { payload, consumedAt } = found;
      const consumed =
        consumedAt === null ? {} : { consumed: Math.floor(consumedAt.getTime() / 1000) };
      return { ...payload, ...consumed, jti: value };
    },
    // What has no lifetime is over at once.
    upsert: (value, payload, lifetimeSeconds = 0) =>
      underItsGrant(saveArtifact(kind, value, withoutNul(withoutValue(payload)), lifetimeSeconds)),
    async consume(value) {
      if (await consumeArtifact(kind, value)) return;
      // Somebody else was a moment earlier: one of us is not who they should be.
      if (kind === "PushedAuthorizationRequest") throw new errors.InvalidRequestUri("already used");
      throw new errors.InvalidGrant("already used");
    },
    destroy: (value) => deleteArtifact(kind, value),
    revokeByGrantId: (grantId) => deleteArtifactsOfGrant(kind, grantId),
    findByUid: unsupported("a uid"),
    findByUserCode: unsupported("a user code"),
  };
}

/** The key of the proof that came along, which the engine has verified; empty for none (RFC 9449 §6.1). */
async function proofKey(): Promise<string> {
  const proof = Provider.ctx?.get("dpop");
  const jwk = proof ? decodeProtectedHeader(proof).jwk : undefined;
  return jwk === undefined ? "" : calculateJwkThumbprint(jwk);
}

/** What distinguishes one refresh from another with the same token (DEC-2). */
async function fingerprintOf(successor: string): Promise<Uint8Array> {
  const { params, client } = Provider.ctx?.oidc ?? {};
  const asked = [
    client?.clientId,
    params?.["scope"],
    params?.["resource"],
    await proofKey(),
    successor,
  ];
  return createHash("sha256").update(JSON.stringify(asked)).digest();
}

/** What the answer says to another refresh with a token that was used a moment ago. */
export const SUPERSEDED = "the refresh token has just been used; its successor counts";

/** Refresh tokens are used up when their successor is stored, and by the same statement. */
function refreshTokens(): Adapter {
  const stored = artifacts("RefreshToken");
  return {
    ...stored,
    async find(value) {
      const found = await findArtifact("RefreshToken", value);
      if (found?.current !== true) return undefined;
      const request = Provider.ctx;
      const again = found.justConsumed && request?.oidc.route === "token";
      if (again) await lookForSuccessor(request, value);
      const used = found.consumedAt !== null && !again;
      return { ...found.payload, ...(used ? { consumed: true } : {}), jti: value };
    },
    async consume() {
      // Nothing yet: see upsert.
    },
    async upsert(value, payload, lifetimeSeconds = 0) {
      const predecessor = Provider.ctx?.oidc.entities.RotatedRefreshToken;
      if (predecessor === undefined) return stored.upsert(value, payload, lifetimeSeconds);
      const refresh = await fingerprintOf(value);
      const replaced = await underItsGrant(
        replaceRefreshToken(
          predecessor.jti,
          value,
          withoutValue(payload),
          lifetimeSeconds,
          refresh,
        ),
      );
      if (!replaced) throw new errors.CustomOIDCProviderError("invalid_grant", SUPERSEDED);
    },
  };
}

const grants = (): Adapter => ({
  find: async (id) => (await findGrant(id)) ?? undefined,
  async upsert(id, payload, lifetimeSeconds = 0) {
    if (isDocumentClient(payload.clientId)) await keepDocumentClient(payload.clientId);
    await saveGrant(id, payload, lifetimeSeconds);
  },
  destroy: deleteGrant,
  consume: unsupported("consuming"),
  // The grant itself goes by destroy, and takes along what was issued under it.
  revokeByGrantId: async () => {},
  findByUid: unsupported("a uid"),
  findByUserCode: unsupported("a user code"),
});

const clients = (): Adapter => ({
  find: (id) => findClientMetadata(id),
  upsert: saveDynamicClient,
  destroy: removeDynamicClient,
  consume: unsupported("a client"),
  revokeByGrantId: unsupported("a client"),
  findByUid: unsupported("a client"),
  findByUserCode: unsupported("a client"),
});

/** Everything that the engine keeps is in the database: a restart forgets nothing (ATK-21). */
export function adapterFor(model: string): Adapter {
  if (model === "Client") return clients();
  if (model === "Grant") return grants();
  if (model === "RefreshToken") return refreshTokens();
  if (model === "DeviceCode") return deviceCodes(artifacts(model, { alsoExpired: true }));
  if (model === "InitialAccessToken") return { ...artifacts(model), ...initialTokens };
  if (model === "RegistrationAccessToken") return { ...artifacts(model), ...registrationTokens };
  return artifacts(model);
}
