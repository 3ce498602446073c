import "server-only";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * True when a state-changing request may go on: its Origin is exactly ours.
 * An absent Origin is refused where a cookie authenticates, since browsers send
 * it with every such request; a bearer token is no ambient authority (D18, DEC-3).
 */
export function isOwnOrigin(
  request: {
    method: string;
    origin: string | null;
    cookieAuthenticated: boolean;
  },
  ownOrigin: string,
): boolean {
  if (SAFE_METHODS.has(request.method)) return true;
  if (request.origin === null) return !request.cookieAuthenticated;
  return request.origin === ownOrigin;
}
