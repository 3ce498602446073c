import "server-only";
import { getConfig } from "@/lib/platform/config";
import { jsonReply, type Reply } from "@/lib/platform/http/reply";
import type { HttpRequest } from "@/lib/platform/http/request";
import { API_SECURITY_HEADERS } from "@/lib/platform/http/security-headers";

/** AuthZEN 1.0 §9.2: the well-known path of a decision point without a path of its own. */
export const ACCESS_METADATA_PATH = "/.well-known/authzen-configuration";

/** Where programs ask about access (AuthZEN 1.0 §10.1). */
export const ACCESS_PREFIX = "/access/v1/";

/** What the decision point says of itself, to everybody (AuthZEN 1.0 §9, F94). */
export async function answerAccessMetadata({ method, path }: HttpRequest): Promise<Reply> {
  const headers = { ...API_SECURITY_HEADERS, "access-control-allow-origin": "*" };
  if (path !== ACCESS_METADATA_PATH) return jsonReply(404, { error: "not_found" }, headers);
  if (method !== "GET") {
    return jsonReply(405, { error: "invalid_request" }, { ...headers, allow: "GET" });
  }
  const at = (name: string) => `${getConfig().origin}${ACCESS_PREFIX}${name}`;
  return jsonReply(
    200,
    {
      policy_decision_point: getConfig().origin,
      access_evaluation_endpoint: at("evaluation"),
      access_evaluations_endpoint: at("evaluations"),
      search_subject_endpoint: at("search/subject"),
      search_resource_endpoint: at("search/resource"),
      search_action_endpoint: at("search/action"),
    },
    { ...headers, "cache-control": "public, max-age=300" },
  );
}
