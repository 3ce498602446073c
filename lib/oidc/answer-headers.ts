import "server-only";
import type { KoaContextWithOIDC, Provider } from "oidc-provider";
import { minutes } from "@/lib/shared/duration";

type Middleware = Parameters<Provider["use"]>[0];

/**
 * Keys are published an hour before they sign, so that nobody who keeps the key
 * set for so short a while misses one; and one that is compromised is forgotten
 * soon (F46).
 */
const PUBLIC_FOR_SECONDS = minutes(5);
const PUBLIC_ROUTES = ["jwks", "discovery"];

const routeOf = (ctx: Parameters<Middleware>[0]): string | undefined =>
  (ctx as unknown as Partial<KoaContextWithOIDC>).oidc?.route;

/** The key set and the metadata are the same for everybody, and may be kept for a few minutes. */
export const sayHowLongItHolds: Middleware = async (ctx, next) => {
  await next();
  if (ctx.status !== 200 || !PUBLIC_ROUTES.includes(routeOf(ctx) ?? "")) return;
  ctx.set("cache-control", `public, max-age=${PUBLIC_FOR_SECONDS}`);
};

/** What the engine says of a request that names no client at all. */
const NOBODY = "no client authentication mechanism provided";

/** Nobody is told as one who is not authenticated: 401 with how to do it (RFC 6749 §5.2). */
export const askForAuthentication: Middleware = async (ctx, next) => {
  await next();
  const answer = ctx.body as { error?: string; error_description?: string } | undefined;
  if (ctx.status !== 400 || answer?.error_description !== NOBODY) return;
  ctx.status = 401;
  ctx.body = { error: "invalid_client", error_description: NOBODY };
  ctx.set("www-authenticate", `Basic realm="${ctx.origin}"`);
};
