import "server-only";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { issuer } from "@/lib/oidc/issuer";
import type { Client } from "@/lib/oidc/manage-clients";
import { apiResource } from "@/lib/oidc/scopes";

/** What the snippets of a client are filled in with, but for its secret, which nobody has. */
export const snippetFactsOf = (client: Client): Omit<SnippetFacts, "secret"> => ({
  issuer: issuer(),
  api: apiResource(),
  clientId: client.id,
  kind: client.kind,
  signs: client.authMethod === "private_key_jwt",
  redirectUri: client.redirectUris[0] ?? "",
  scopes: client.scopes,
  idTokenAlgorithm: client.idTokenAlgorithm,
});
