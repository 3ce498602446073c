import "server-only";
import { isDeepStrictEqual } from "node:util";
import type { ShownClient } from "@/lib/oidc/client-directory-store";

type Terms = Pick<ShownClient, "firstParty" | "scopes">;
type Addresses = Pick<ShownClient, "redirectUris">;
/** How a client shows that it is itself; its keys as the database has them or as they came. */
type Proof = Pick<ShownClient, "authMethod" | "jwksUri"> & { jwks: unknown };

/** What was given under wider terms ends with them: a scope, or the trust of a first-party client. */
export const isNarrowed = (before: Terms, after: Terms): boolean =>
  (before.firstParty && !after.firstParty) ||
  before.scopes.some((scope) => !after.scopes.includes(scope));

/** What users allowed, they allowed an app at its addresses then: at another one is somebody else. */
export const isLedElsewhere = (before: Addresses, after: Addresses): boolean =>
  after.redirectUris.some((uri) => !before.redirectUris.includes(uri));

const keysOf = ({ jwks }: Proof): unknown[] => (jwks as { keys: unknown[] } | null)?.keys ?? [];

/** Whoever has a key, or proves themselves in a way, that the client did not know may be somebody else. */
export const isProvenOtherwise = (before: Proof, after: Proof): boolean =>
  after.authMethod !== before.authMethod ||
  (after.jwksUri !== null && after.jwksUri !== before.jwksUri) ||
  keysOf(after).some((key) => !keysOf(before).some((known) => isDeepStrictEqual(known, key)));
