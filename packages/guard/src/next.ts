import { admit, isRefusal, type RequirementFor } from "./adapter.js";
import type { Guard } from "./guard.js";
import type { Identity } from "./identity.js";
import { readWeb, webAnswer } from "./web.js";

/**
 * A route handler of Next that answers requests that meet the requirement; the guard answers all
 * others. `decision` may ask by the handler's context, which has `params`.
 */
export const withAccess =
  <R extends Request, C>(
    guard: Guard,
    requirement: RequirementFor<R, C>,
    handler: (request: R, identity: Identity, context: C) => Response | Promise<Response>,
  ) =>
  async (request: R, context: C): Promise<Response> => {
    const admitted = await admit(guard, requirement, readWeb(request), request, context);
    return isRefusal(admitted) ? webAnswer(admitted) : handler(request, admitted, context);
  };
