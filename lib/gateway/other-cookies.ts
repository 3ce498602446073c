import "server-only";

const OWN = /^(?:__Host-|__Secure-)?(?:gatehouse[_.]|authjs\.|next-auth\.|_?oidc)/i;

/** A Cookie header without what opens Gatehouse: no service is given somebody's session. */
export const otherCookies = (header: string | null): string =>
  (header ?? "")
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair !== "" && !OWN.test(pair))
    .join("; ");
