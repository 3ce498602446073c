import "server-only";
import { errors, type KoaContextWithOIDC, type Provider } from "oidc-provider";
import { hours, seconds } from "@/lib/shared/duration";

const LIFETIME_SECONDS_MAX = hours(1);
const CLOCKS_DIFFER_SECONDS = seconds(60);
const JTI_LENGTH_MAX = 256;
/** What else clients sign is named by its type, and none of that says who is at the token endpoint (RFC 8725 §3.11). */
const TYPES = [undefined, "JWT", "client-authentication+jwt"];

/**
 * What the engine leaves open of a client's assertion (RFC 7523 §3): it is meant for
 * nobody but us, for it would otherwise be good wherever else it is shown; it is over
 * within an hour; and it is no other kind of token.
 */
export function checkClientAssertion(
  ctx: KoaContextWithOIDC,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): void {
  const { oidc } = ctx as unknown as {
    oidc: { clientJwtAuthExpectedAudience(): Set<unknown> };
  };
  const refuse = (detail: string): never => {
    throw new errors.InvalidClientAuth(detail);
  };
  const ours = oidc.clientJwtAuthExpectedAudience();
  if (![claims["aud"]].flat().every((one) => ours.has(one))) refuse("it is meant for others, too");
  const left = Number(claims["exp"]) - Date.now() / 1000;
  // Not a number is not less either.
  if (!(left <= LIFETIME_SECONDS_MAX)) refuse("it lives for more than an hour");
  const { jti, iat } = claims;
  if (iat !== undefined && !(Number(iat) <= Date.now() / 1000 + CLOCKS_DIFFER_SECONDS)) {
    refuse("it was made in the future");
  }
  if (typeof jti !== "string" || jti.length > JTI_LENGTH_MAX) refuse("its jti is no short text");
  if (!TYPES.includes(header["typ"] as string | undefined)) refuse("its typ is another one");
}

interface KeyStore {
  jwksUri: string | undefined;
  fresh(): boolean;
  selectForVerify(wanted: object): unknown[];
}

/**
 * Keys at a client's own address count while they are fresh. The engine looks there
 * only for a key that it does not know, and would believe one for ever that the client
 * has taken back.
 */
export function believeNoStaleKeys(provider: Provider): void {
  const { Client } = provider as unknown as { Client: new (metadata: object) => object };
  const any = new Client({
    client_id: "any",
    token_endpoint_auth_method: "none",
    grant_types: [],
    response_types: [],
    redirect_uris: [],
  });
  const { asymmetricKeyStore } = any as { asymmetricKeyStore: KeyStore };
  const prototype = Object.getPrototypeOf(asymmetricKeyStore) as KeyStore;
  const select = prototype.selectForVerify;
  Object.assign(prototype, {
    // With no key that fits the engine asks for them again.
    selectForVerify(this: KeyStore, wanted: object): unknown[] {
      return this.fresh() ? select.call(this, wanted) : [];
    },
  });
}
