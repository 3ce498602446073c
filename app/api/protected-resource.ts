import "server-only";
import { issuer } from "@/lib/oidc/issuer";
import { API_SCOPES, apiResource } from "@/lib/oidc/scopes";
import { getConfig } from "@/lib/platform/config";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";

/** RFC 9728 §3.1: the well-known path comes before that of the resource. */
export const RESOURCE_METADATA_PATH = "/.well-known/oauth-protected-resource/api/v1";

/** RFC 9728 §5.1: where a client that was refused finds out whom to ask for a token. */
export const withResourceMetadata = (challenge: string): string =>
  `${challenge}${challenge.includes(" ") ? "," : ""} resource_metadata="${getConfig().origin}${RESOURCE_METADATA_PATH}"`;

/** What the JSON API says of itself as a protected resource, to everybody (RFC 9728 §2, F69). */
export async function answerResourceMetadata({ method, path }: HttpRequest): Promise<Reply> {
  // A page of any origin may be a client, and nothing here is about anybody.
  const headers = { ...API_SECURITY_HEADERS, "access-control-allow-origin": "*" };
  if (path !== RESOURCE_METADATA_PATH) return jsonReply(404, { error: "not_found" }, headers);
  if (method !== "GET") {
    return jsonReply(405, { error: "invalid_request" }, { ...headers, allow: "GET" });
  }
  return jsonReply(
    200,
    {
      resource: apiResource(),
      resource_name: "Gatehouse API",
      resource_documentation: `${getConfig().origin}/developers`,
      authorization_servers: [issuer()],
      scopes_supported: API_SCOPES,
      bearer_methods_supported: ["header"],
      dpop_signing_alg_values_supported: ["ES256", "EdDSA", "Ed25519"],
    },
    { ...headers, "cache-control": "public, max-age=300" },
  );
}
