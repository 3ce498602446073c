import "server-only";
import { type Client, type ClientMetadata, errors, type KoaContextWithOIDC } from "oidc-provider";
import { isClientDisabled } from "@/lib/oidc/client-store";
import { boundStranger } from "@/lib/oidc/stranger-metadata";
import { getConfig } from "@/lib/platform/config";
import { networkOf } from "@/lib/platform/http/client-address";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { type RequestRate, spend } from "@/lib/platform/rate-limit/limiter";
import { hours, minutes } from "@/lib/shared/duration";

const ID_LENGTH_MAX = 512;
/** What anybody makes us ask of somebody else's server. */
const FETCHES_PER_SOURCE: RequestRate = {
  name: "client-documents",
  pointsMax: 30,
  windowSeconds: minutes(1),
  counts: "requests",
};

/** Whether a client is known by the document at its id, if by anything. */
export const isDocumentClient = (id: string | undefined): id is string =>
  id !== undefined && /^https:\/\//i.test(id);

/**
 * Clients that nobody has registered: their id is the address of a document that says
 * what they are (draft-ietf-oauth-client-id-metadata-document, F69). The engine asks for
 * it by {@link engineFetch} and holds it to its address.
 */
export const documentClients = () => ({
  enabled: getConfig().clients.byDocument,
  ack: "draft-02" as const,
  async allowFetch(ctx: KoaContextWithOIDC | undefined, id: string): Promise<boolean> {
    const url = new URL(id);
    // Compared as text everywhere: one spelling for one client.
    if (url.href !== id || id.length > ID_LENGTH_MAX || url.pathname === "/") return false;
    if (ctx === undefined) return true;
    const { ip } = factsFromHeaders((name) => ctx.get(name) || null);
    return (await spend(FETCHES_PER_SOURCE, networkOf(ip))).allowed;
  },
  // An administrator may have had enough of it.
  allowClient: async (_ctx: unknown, { clientId }: Client) => !(await isClientDisabled(clientId)),
  cacheDuration: { min: minutes(5), max: hours(1) },
});

/** Holds what a document says to what a stranger may be; its web addresses are at its own host. */
export function bindDocumentClient(metadata: ClientMetadata): void {
  const host = new URL(metadata.client_id).host;
  for (const uri of metadata.redirect_uris ?? []) {
    const url = URL.parse(uri);
    if (url?.protocol === "https:" && url.host !== host) {
      throw new errors.InvalidClientMetadata(
        "redirect_uris on the web are at the host of the client_id",
      );
    }
  }
  // Without a word on it there is no secret: nobody could have agreed on one.
  if (metadata.token_endpoint_auth_method === "client_secret_basic") {
    metadata.token_endpoint_auth_method = "none";
  }
  boundStranger(metadata, "document");
}
