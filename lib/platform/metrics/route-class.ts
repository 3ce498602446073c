import "server-only";

/** What kind of place a request asks for: few of them, so that no id, secret or name becomes a label. */
export type RouteClass =
  | "access"
  | "action"
  | "admin"
  | "api"
  | "health"
  | "oidc"
  | "page"
  | "sign-in"
  | "static";

const PREFIXES: readonly (readonly [string, RouteClass])[] = [
  ["/_next/", "static"],
  ["/api/health/", "health"],
  ["/api/metrics", "health"],
  ["/api/auth/", "sign-in"],
  ["/api/", "api"],
  ["/access/", "access"],
  ["/oidc/", "oidc"],
  ["/.well-known/", "oidc"],
  ["/admin", "admin"],
  ["/sign-in", "sign-in"],
];

/** A change by a form is an action, whichever page it is on. */
export function routeClassOf(method: string, target: string): RouteClass {
  const known = PREFIXES.find(([prefix]) => target.startsWith(prefix))?.[1] ?? "page";
  const isPlace = known === "page" || known === "admin" || known === "sign-in";
  return method === "POST" && isPlace && !target.startsWith("/api/") ? "action" : known;
}
