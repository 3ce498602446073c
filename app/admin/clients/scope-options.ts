import "server-only";
import { SCOPE_WORDS } from "@/app/admin/clients/kinds";
import type { ScopeOption } from "@/components/admin/scope-fields";
import { isMightyScope, RESOURCE_SCOPES } from "@/lib/oidc/client.schema";
import type { Translator } from "@/lib/platform/locale/translator";
import { type ClientKind, keepsSecret } from "@/lib/shared/client-kind";

/** The scopes that a client of this kind can have. */
export const scopeOptions = (
  kind: ClientKind,
  chosen: string[],
  t: Translator<"admin-clients">,
): ScopeOption[] =>
  RESOURCE_SCOPES.filter((scope) => !isMightyScope(scope) || keepsSecret(kind)).map((key) => ({
    key,
    about: t(`scopes.${SCOPE_WORDS[key]}`),
    chosen: chosen.includes(key),
    mighty: isMightyScope(key),
  }));
