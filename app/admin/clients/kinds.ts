import "server-only";
import type { ResourceScope } from "@/lib/oidc/client.schema";
import type { Translator } from "@/lib/platform/locale/translator";
import type { ClientKind } from "@/lib/shared/client-kind";

const REDIRECT_EXAMPLES: Record<Exclude<ClientKind, "service">, string> = {
  web: "https://app.example.com/callback",
  single_page: "https://app.example.com/callback",
  native: "http://127.0.0.1/callback\ncom.example.app:/callback",
};

/** What is asked about the addresses that its users are led to; null where there are no users. */
export const redirectsOf = (kind: ClientKind, t: Translator<"admin-clients">) =>
  kind === "service"
    ? null
    : {
        hint: t(kind === "native" ? "redirectHints.native" : "redirectHints.https"),
        example: REDIRECT_EXAMPLES[kind],
        optional: kind === "native",
      };

/** Where the catalogue says what a scope allows. */
export const SCOPE_WORDS = {
  "api:read": "read",
  "api:write": "write",
  "tokens:exchange": "exchange",
  "tokens:introspect": "introspect",
} as const satisfies Record<ResourceScope, string>;
