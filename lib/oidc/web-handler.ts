import "server-only";
import { toFetchResponse, toReqRes } from "fetch-to-node";
import { answerOidcRequest } from "@/lib/oidc/node-handler";
import type { RequestFacts } from "@/lib/shared/caller";

/** Runs the engine, which speaks node:http, for a Web `Request`. */
export async function answerOidcWebRequest(
  request: Request,
  facts: RequestFacts,
): Promise<Response> {
  const { req, res } = toReqRes(request);
  // The engine looks at the connection, and there is none; whose it is, the facts say.
  Object.defineProperty(req, "socket", { value: { encrypted: true, remoteAddress: facts.ip } });
  // Without one of these the engine takes a body for none.
  if (request.body !== null && req.headers["content-length"] === undefined) {
    req.headers["transfer-encoding"] = "chunked";
  }
  await answerOidcRequest(req, res, facts);
  return toFetchResponse(res);
}
