import "server-only";
import { SCOPE_TEXTS } from "@/app/admin/clients/kinds";
import type { ScopeOption } from "@/components/admin/scope-fields";
import { isMightyScope, RESOURCE_SCOPES } from "@/lib/oidc/client.schema";
import { type ClientKind, keepsSecret } from "@/lib/shared/client-kind";

/** The scopes that a client of this kind can have. */
export const scopeOptions = (kind: ClientKind, chosen: string[]): ScopeOption[] =>
  RESOURCE_SCOPES.filter((scope) => !isMightyScope(scope) || keepsSecret(kind)).map((key) => ({
    key,
    about: SCOPE_TEXTS[key],
    chosen: chosen.includes(key),
    mighty: isMightyScope(key),
  }));
