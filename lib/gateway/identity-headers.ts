import "server-only";

/** By which the gateway shows that it is the gateway. */
export const GATEWAY_TOKEN_HEADER = "gatehouse-gateway-token";
export const ASSERTION_HEADER = "gatehouse-assertion";

/** Beginnings of what services take somebody's identity from. */
const PREFIXES = [
  "gatehouse-",
  "x-auth-",
  "x-authenticated-",
  "x-remote-",
  "x-webauth-",
  "remote-",
];
const NAMES = [
  "x-forwarded-user",
  "x-forwarded-email",
  "x-forwarded-groups",
  "x-forwarded-preferred-username",
  "x-forwarded-access-token",
  "x-user",
  "x-user-id",
  "x-user-email",
  "x-email",
  "x-groups",
  "x-roles",
];

/**
 * The headers of a request that claim an identity. The proxy drops what it knows of before it asks; what
 * it has left would reach the service, so the request does not (F127). A service that reads variables as CGI
 * names them takes `_` for `-`.
 */
export const identityHeaders = (names: readonly string[]): string[] =>
  names.filter((name) => {
    const plain = name.toLowerCase().replaceAll("_", "-");
    if (plain === GATEWAY_TOKEN_HEADER) return name.includes("_");
    return NAMES.includes(plain) || PREFIXES.some((prefix) => plain.startsWith(prefix));
  });
