import "server-only";
import type { ClientMetadata, KoaContextWithOIDC, Provider } from "oidc-provider";
import { findClientRow } from "@/lib/oidc/client-store";
import { hashOfClientSecret, secretOf } from "@/lib/oidc/clients";
import { STRANGER_POLICY } from "@/lib/oidc/dynamic-clients";
import { readText } from "@/lib/oidc/engine-request";
import { findUsableInitialToken } from "@/lib/oidc/initial-token-store";
import { boundStranger } from "@/lib/oidc/stranger-metadata";
import { replaceBody } from "@/lib/oidc/structured-tokens";
import { getConfig } from "@/lib/platform/config";
import { hashSecret, newSecret } from "@/lib/platform/crypto";
import { newId } from "@/lib/platform/id";

/**
 * Programs register themselves by a token that an administrator has made, and change or
 * remove their record by one of their own that is another after each change (RFC 7591,
 * RFC 7592, F60, F61). Off unless set.
 */
export function dynamicRegistration() {
  const enabled = getConfig().clients.byRegistration;
  return {
    registration: {
      enabled,
      initialAccessToken: enabled,
      idFactory: () => newId(),
      secretFactory: () => newSecret(),
      ...(enabled && { policies: { [STRANGER_POLICY]: boundRegistration } }),
    },
    registrationManagement: { enabled, rotateRegistrationAccessToken: true },
  };
}

/** What the initial token allows for a new client; for one that is there, what it has. */
async function boundRegistration(ctx: KoaContextWithOIDC, metadata: ClientMetadata): Promise<void> {
  const { InitialAccessToken: initial, Client: client } = ctx.oidc.entities;
  const scopes =
    initial === undefined
      ? client?.["resource_scopes"]
      : (await findUsableInitialToken(hashSecret(initial.jti)))?.scopes;
  boundStranger(metadata, "dynamic", { resourceScopes: (scopes as string[] | undefined) ?? [] });
}

const OWN_RECORD = /^\/reg\/([^/]+)\/?$/i;
const INTERNAL = ["source", "first_party", "resource_scopes"];

/**
 * The engine compares and answers secrets as they are, and knows ours only by their
 * hashes: what a client sends is compared here, and no hash is told to anybody.
 */
export const keepRegistrationSecrets: Parameters<Provider["use"]>[0] = async (ctx, next) => {
  const id = ctx.method === "PUT" ? OWN_RECORD.exec(ctx.path)?.[1] : undefined;
  if (id !== undefined && ctx.is("application/json")) {
    const body = await readText(ctx.req);
    if (body === null) {
      ctx.status = 413;
      ctx.body = { error: "invalid_request", error_description: "the body is too large" };
      return;
    }
    replaceBody(ctx, await withoutOwnSecret(id, body));
  }
  await next();
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>;
  const route = oidc?.route;
  if (!["registration", "client", "client_update"].includes(route ?? "")) return;
  const answer = ctx.body as Record<string, unknown> | undefined;
  if (typeof answer !== "object" || answer["client_id"] === undefined) return;
  for (const name of INTERNAL) delete answer[name];
  const isNew = route !== "client" && answer["client_secret"] !== oidc?.client?.clientSecret;
  if (route === "registration" || isNew) return;
  delete answer["client_secret"];
  delete answer["client_secret_expires_at"];
};

async function withoutOwnSecret(id: string, text: string): Promise<string> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return text;
  }
  if (!isRecord(body) || !("client_secret" in body)) return text;
  const client = await findClientRow(id);
  const own = client === null ? "" : secretOf(client);
  // Another than its own is refused by the engine, to which nothing equals the empty one.
  if (hashOfClientSecret(own, String(body["client_secret"])) !== null) delete body["client_secret"];
  else body["client_secret"] = "";
  return JSON.stringify(body);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
