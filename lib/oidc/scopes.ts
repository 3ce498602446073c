import "server-only";
import type { ResourceScope } from "@/lib/oidc/client.schema";
import { getConfig } from "@/lib/platform/config";

/** Our JSON API as a protected resource (RFC 8707, RFC 9728). */
export const apiResource = (): string => `${getConfig().origin}/api/v1`;

/** The same as the engine knows a resource: what tokens for it look like, with this scope (RFC 9068). */
export const describeApi = (scope: string) => ({
  scope,
  audience: apiResource(),
  accessTokenFormat: "jwt" as const,
  jwt: { sign: { alg: "ES256" as const } },
});

export const API_READ = "api:read" satisfies ResourceScope;
export const API_WRITE = "api:write" satisfies ResourceScope;
export const API_SCOPES = [API_READ, API_WRITE] as const;

/** Scopes of OpenID Connect and the claims behind each (OIDC Core §5.4). */
export const OPENID_CLAIMS = {
  openid: ["sub", "acr", "amr", "auth_time"],
  profile: ["name", "updated_at"],
  email: ["email", "email_verified"],
} as const;

/** What any client may ask its users for. */
export const OPENID_SCOPES = [...Object.keys(OPENID_CLAIMS), "offline_access"];

/** The scopes that claims which are asked for by name belong to: people are shown those. */
export const scopesBehind = (claims: readonly string[] = []): string[] =>
  Object.entries(OPENID_CLAIMS).flatMap(([scope, names]) =>
    names.some((name) => claims.includes(name)) ? [scope] : [],
  );
