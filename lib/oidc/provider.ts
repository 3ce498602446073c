import "server-only";
import { type CryptoKey, importJWK, type JWK } from "jose";
import { Provider } from "oidc-provider";
import { askForAuthentication, sayHowLongItHolds } from "@/lib/oidc/answer-headers";
import { saveUnseen } from "@/lib/oidc/artifact-store";
import { believeNoStaleKeys } from "@/lib/oidc/client-assertion";
import { noteClientUse } from "@/lib/oidc/client-use";
import { hashOfClientSecret } from "@/lib/oidc/clients";
import { extendIdTokens, extendUserinfo } from "@/lib/oidc/custom-claims";
import { nameDevicePage } from "@/lib/oidc/device-codes";
import { keepRegistrationSecrets } from "@/lib/oidc/dynamic-registration";
import { answerEndSession } from "@/lib/oidc/end-session";
import { hideEnginePages } from "@/lib/oidc/hidden-pages";
import { issuer } from "@/lib/oidc/issuer";
import { nameRefusals } from "@/lib/oidc/name-refusals";
import { providerConfiguration, UNUSED_COOKIES } from "@/lib/oidc/provider-configuration";
import { noteRefreshReuse } from "@/lib/oidc/refresh-reuse";
import { successorOf } from "@/lib/oidc/refresh-successor";
import { bridgeSessions } from "@/lib/oidc/session-bridge";
import { loadProviderKeys, type ProviderKeys } from "@/lib/oidc/signing-keys";
import { acceptStructuredTokens } from "@/lib/oidc/structured-tokens";
import { registerTokenExchange } from "@/lib/oidc/token-exchange";
import { isUnavailable } from "@/lib/platform/db/errors";
import { log } from "@/lib/platform/log";
import { countToken } from "@/lib/platform/metrics/metrics";
import { processSingleton } from "@/lib/platform/process-singleton";

/** Keys that another instance made are known here after so long; they sign much later. */
const KEYS_CHECKED_EVERY_MS = 5_000;

interface Built {
  version: string;
  provider: Provider;
  publicKeys: JWK[];
  /** The key that signs now, for statements of our own beside the engine's tokens. */
  signer: { kid: string; key: CryptoKey };
}

interface Holder {
  built: Promise<Built> | undefined;
  checkedAt: number;
}

const holder = () =>
  processSingleton<Holder>("oidc-provider", () => ({ built: undefined, checkedAt: 0 }));

/**
 * The one token engine (D8), a certified library. Built anew when the signing keys
 * have changed, which costs a few milliseconds. Throws while the database cannot say.
 */
export const getProvider = async (): Promise<Provider> => (await current()).provider;

/** The public parts of all keys whose signatures count, as the key set publishes them. */
export const publishedKeys = async (): Promise<JWK[]> => (await current()).publicKeys;

/** The ES256 key that signs now, with the name under which its public part is published. */
export const presentSigner = async (): Promise<Built["signer"]> => (await current()).signer;

async function current(): Promise<Built> {
  const state = holder();
  const now = Date.now();
  if (state.built !== undefined && now - state.checkedAt < KEYS_CHECKED_EVERY_MS) {
    return state.built;
  }
  state.checkedAt = now;
  const former = state.built;
  const next = loadProviderKeys().then(async (keys): Promise<Built> => {
    const known = await former?.catch(() => undefined);
    return known?.version === keys.version ? known : build(keys);
  });
  state.built = next;
  try {
    return await next;
  } catch (error) {
    // The next caller asks again: an outage is not remembered as an answer.
    if (state.built === next) state.built = undefined;
    throw error;
  }
}

async function build(keys: ProviderKeys): Promise<Built> {
  const provider = new Provider(issuer(), providerConfiguration(keys));
  // Set by our own mounts, never by a client: see node-handler.ts.
  provider.proxy = true;
  bridgeSessions(provider);
  extendIdTokens(provider);
  believeNoStaleKeys(provider);
  registerTokenExchange(provider, keys.publicKeys);

  Object.assign(provider.Client.prototype, {
    compareClientSecret(
      this: { clientId: string; clientSecret?: string },
      presented: string,
    ): boolean {
      const hash = hashOfClientSecret(this.clientSecret, presented);
      if (hash !== null) noteClientUse(this.clientId, hash);
      return hash !== null;
    },
  });

  // The same refresh finds the same successor, on whichever instance (DEC-2).
  const prototype = provider.RefreshToken.prototype as unknown as { generateTokenId(): string };
  const random = prototype.generateTokenId;
  Object.assign(provider.RefreshToken.prototype, {
    generateTokenId(this: object): string {
      const request = Provider.ctx;
      const predecessor = request?.oidc.entities.RotatedRefreshToken;
      if (request === undefined || predecessor === undefined) return random.call(this);
      return successorOf(request, predecessor.jti);
    },
  });

  // The engine asks first and stores then; a proof of possession counts once (RFC 9449 §11.1).
  Object.assign(provider.ReplayDetection, {
    unique: (iss: string, jti: string, exp: number): Promise<boolean> =>
      saveUnseen(
        "ReplayDetection",
        JSON.stringify([iss, jti]),
        { iss },
        exp - Math.floor(Date.now() / 1000),
      ),
  });

  const { publicKeys } = keys;
  provider.use(acceptStructuredTokens(issuer(), publicKeys));
  provider.use(nameRefusals);
  provider.use(noteRefreshReuse);
  provider.use(extendUserinfo);
  provider.use(answerEndSession);
  provider.use(hideEnginePages);
  provider.on("device_authorization.success", (_ctx, answer) => {
    nameDevicePage(answer);
  });
  provider.use(keepRegistrationSecrets);
  provider.use(sayHowLongItHolds);
  provider.use(askForAuthentication);
  provider.on("server_error", (ctx, error) => {
    log.error("the authorization server failed", { error });
    if (!isUnavailable(error)) return;
    ctx.status = 503;
    ctx.set("retry-after", "5");
    ctx.body = { error: "temporarily_unavailable" };
  });
  // What is signed is issued, what is stored as well is saved.
  provider.on("access_token.issued", () => countToken("access"));
  provider.on("access_token.saved", () => countToken("access"));
  provider.on("client_credentials.issued", () => countToken("client"));
  provider.on("client_credentials.saved", () => countToken("client"));
  provider.on("refresh_token.saved", () => countToken("refresh"));
  provider.on("grant.success", ({ oidc }) => {
    const id = oidc.client?.clientId;
    if (id !== undefined) noteClientUse(id, null);
  });
  provider.use(async (ctx, next) => {
    await next();
    const cookies = [ctx.res.getHeader("set-cookie") ?? []].flat().map(String);
    const kept = cookies.filter(
      (cookie) => !UNUSED_COOKIES.some((name) => cookie.startsWith(name)),
    );
    if (kept.length === cookies.length) return;
    ctx.remove("set-cookie");
    if (kept.length > 0) ctx.set("set-cookie", kept);
  });
  return { version: keys.version, provider, publicKeys, signer: await signerOf(keys) };
}

async function signerOf({ jwks }: ProviderKeys): Promise<Built["signer"]> {
  // Those that sign first come first.
  const jwk = jwks.find(({ alg }) => alg === "ES256");
  if (jwk?.kid === undefined) throw new Error("there is no ES256 key");
  return { kid: jwk.kid, key: (await importJWK(jwk, "ES256")) as CryptoKey };
}
