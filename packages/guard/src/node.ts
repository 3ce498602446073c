import {
  admit,
  answerNode,
  isRefusal,
  type NodeHeaders,
  type NodeResponse,
  nodeHeader,
  type RequirementFor,
} from "./adapter.js";
import type { Guard } from "./guard.js";
import type { Identity } from "./identity.js";

/** What is used of the request of `node:http`. */
export interface NodeRequest {
  method?: string | undefined;
  url?: string | undefined;
  headers: NodeHeaders;
}

/**
 * A handler of `node:http` that answers requests that meet the requirement; the guard answers all
 * others. The promise is rejected by what the handler, or a question of the requirement, throws.
 */
export const withAccess =
  <R extends NodeRequest, A extends NodeResponse>(
    guard: Guard,
    requirement: RequirementFor<R>,
    handler: (request: R, response: A, identity: Identity) => unknown,
  ) =>
  async (request: R, response: A): Promise<void> => {
    const { method = "", url: path = "", headers } = request;
    const read = { method, path, header: nodeHeader(headers) };
    const admitted = await admit(guard, requirement, read, request, undefined);
    if (isRefusal(admitted)) answerNode(response, admitted);
    else await handler(request, response, admitted);
  };
