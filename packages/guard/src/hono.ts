import { admit, isRefusal, type RequirementFor } from "./adapter.js";
import type { Guard } from "./guard.js";
import { readWeb, webAnswer } from "./web.js";

export { identityOf } from "./identity.js";

/** What is used of Hono's context. */
export interface HonoContext {
  req: { raw: Request };
}

/**
 * A middleware of Hono: lets requests on that meet the requirement and answers all others. Behind it,
 * `identityOf(c)` says who asks.
 */
export const requireAccess =
  <C extends HonoContext>(guard: Guard, requirement: RequirementFor<C> = {}) =>
  async (context: C, next: () => Promise<void>): Promise<Response | undefined> => {
    const admitted = await admit(guard, requirement, readWeb(context.req.raw), context, undefined);
    if (isRefusal(admitted)) return webAnswer(admitted);
    await next();
    return undefined;
  };
