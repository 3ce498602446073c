import "server-only";
import type { Provider } from "oidc-provider";
import { routed } from "@/lib/oidc/engine-request";

/** Where a device's code is typed, and what comes after the question whether to sign out. */
const PAGES = [/^\/device(?!\/auth$)(\/|$)/, /^\/session\/end\//];

/**
 * The engine has pages for people of its own, which tell anybody what a client is called;
 * ours are the one way.
 */
export const hideEnginePages: Parameters<Provider["use"]>[0] = async (ctx, next) => {
  if (PAGES.some((page) => page.test(routed(ctx.path)))) {
    ctx.status = 404;
    return;
  }
  await next();
};
