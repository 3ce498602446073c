import "server-only";
import { ENDPOINTS } from "@/app/api/table";
import { ACTIONS, HANDLERS, PAGES } from "@/generated/coverage-map";

export const SURFACE_KINDS = ["page", "action", "endpoint", "handler"] as const;
export type SurfaceKind = (typeof SURFACE_KINDS)[number];

export interface Surface {
  kind: SurfaceKind;
  /** An address, or the name of an action in its file. */
  name: string;
  /** `anonymous` needs no session, `signed-in` any; all else is the key of a permission. */
  needs: string;
  area: string;
}

/** What is one thing under several names. */
const SAME_AREA: Record<string, string> = {
  _locale: "languages",
  _views: "saved-views",
  "access-requests": "requests",
  "access-reviews": "reviews",
  apps: "account",
  "audit-events": "audit",
  auth: "signing-in",
  dev: "developers",
  "duty-conflicts": "duties",
  "duty-waivers": "duties",
  me: "account",
  openapi: "developers",
  "organization-sessions": "sessions",
  permissions: "roles",
  "sign-in": "sign-in-rules",
  tokens: "account",
  "user-imports": "users",
};

/** What it is about, by its address or the folder of its file. */
function areaOf(path: string): string {
  const segments = path
    .replace(/^app\//, "")
    .split("/")
    .filter((segment) => segment !== "" && !segment.startsWith("("));
  const [first = "", second = "", third = ""] = segments;
  const name = first === "admin" ? second : first === "api" && second === "v1" ? third : first;
  const [area = ""] = name.split(".");
  if (area === "" || area === "actions") return first === "admin" ? "overview" : "signing-in";
  return SAME_AREA[area] ?? area;
}

/** Those of `app/(auth)` are all about getting in. */
const SIGNING_IN =
  /^\/(?:sign-|challenge|reset-|verify-|accounts|not-me|setup|single-|signed-|end-session|interaction|invitations|confirm-|undo-|device)/;

const areaOfRoute = (route: string): string =>
  SIGNING_IN.test(route) || route === "/" ? "signing-in" : areaOf(route);

/**
 * Every way in and what it takes: pages and actions as the build has read them from their code,
 * endpoints as the table says that answers them.
 */
export const listSurfaces = (): Surface[] => [
  ...PAGES.map(({ route, needs }) => ({
    kind: "page" as const,
    name: route,
    needs,
    area: areaOfRoute(route),
  })),
  ...ACTIONS.map(({ file, name, needs }) => ({
    kind: "action" as const,
    name,
    needs,
    area: file.startsWith("app/(auth)/") ? "signing-in" : areaOf(file),
  })),
  ...ENDPOINTS.map(({ method, path, access }) => ({
    kind: "endpoint" as const,
    name: `${method} ${path}`,
    needs: typeof access === "object" ? access.key : access,
    area: areaOf(path),
  })),
  ...HANDLERS.map(({ route, needs }) => ({
    kind: "handler" as const,
    name: route,
    needs,
    area: "protocols",
  })),
];
