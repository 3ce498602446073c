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

export { identityOf } from "./identity.js";

/** What is used of Express's request. */
export interface ExpressRequest {
  method: string;
  originalUrl: string;
  headers: NodeHeaders;
}

/**
 * A middleware of Express: lets requests on that meet the requirement and answers all others.
 * Behind it, `identityOf(request)` says who asks.
 */
export const requireAccess =
  <R extends ExpressRequest>(guard: Guard, requirement: RequirementFor<R> = {}) =>
  async (request: R, response: NodeResponse, next: (error?: unknown) => void): Promise<void> => {
    try {
      const { method, originalUrl: path, headers } = request;
      const read = { method, path, header: nodeHeader(headers) };
      const admitted = await admit(guard, requirement, read, request, undefined);
      if (isRefusal(admitted)) {
        answerNode(response, admitted);
        return;
      }
    } catch (error) {
      next(error);
      return;
    }
    next();
  };
