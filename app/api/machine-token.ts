import "server-only";
import { equalBytes, hashSecret } from "@/lib/platform/crypto";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";

/**
 * What a machine is answered that does not bring the token of a variable: 404 where the variable is not set, so
 * that there is nothing to guess at, and 401 otherwise. Null for whoever brings it.
 */
export function refuseMachine(
  request: HttpRequest,
  token: string | null,
  realm: string,
  methods: readonly string[],
): Reply | null {
  if (token === null) return jsonReply(404, { status: "unknown" }, API_SECURITY_HEADERS);
  if (!methods.includes(request.method)) {
    const headers = { ...API_SECURITY_HEADERS, allow: methods.join(", ") };
    return jsonReply(405, { status: "unknown" }, headers);
  }
  const given = /^Bearer (\S+)$/i.exec(request.header("authorization") ?? "")?.[1];
  if (given !== undefined && equalBytes(hashSecret(given), hashSecret(token))) return null;
  const headers = { ...API_SECURITY_HEADERS, "www-authenticate": `Bearer realm="${realm}"` };
  return jsonReply(401, { status: "unauthenticated" }, headers);
}
