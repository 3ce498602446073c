import type { Translator } from "@/lib/platform/locale/translator";

const KNOWN = ["openid", "profile", "email", "offline_access", "api:read", "api:write"] as const;

/** Every scope in the words of whoever allows it: "the app may …". */
export const wordsOfScope = (scope: string, t: Translator<"auth.scopes">): string => {
  const known = KNOWN.find((name) => name === scope);
  return known === undefined ? scope : t(known);
};
