// The token engine by itself: the same library, the same kinds of tokens, a Map for a database.
import { randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair } from "jose";
import { Provider } from "oidc-provider";

const CLIENT_ID = "bench";
const RESOURCE = "https://api.example";
const ACCOUNT = "somebody";

const secret = randomBytes(32).toString("base64url");
const { privateKey } = await generateKeyPair("ES256", { extractable: true });

const resourceServer = {
  scope: "api:read",
  audience: RESOURCE,
  accessTokenFormat: "jwt",
  jwt: { sign: { alg: "ES256" } },
};

const provider = new Provider("http://127.0.0.1", {
  jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: "ES256", use: "sig", kid: "bench" }] },
  clients: [
    {
      client_id: CLIENT_ID,
      client_secret: secret,
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      redirect_uris: ["https://app.example/callback"],
      id_token_signed_response_alg: "ES256",
    },
  ],
  findAccount: (_ctx, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  rotateRefreshToken: true,
  enabledJWA: { idTokenSigningAlgValues: ["ES256"] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: () => /** @type {never} */ (resourceServer),
    },
  },
});

const client = await provider.Client.find(CLIENT_ID);
if (!client) throw new Error("the client is missing");
const grant = new provider.Grant({ accountId: ACCOUNT, clientId: CLIENT_ID });
grant.addOIDCScope("openid offline_access");
grant.addResourceScope(RESOURCE, "api:read");
const common = {
  accountId: ACCOUNT,
  client,
  grantId: await grant.save(),
  gty: "authorization_code",
  scope: "openid offline_access api:read",
};
const refreshTokens = await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, () =>
    new provider.RefreshToken({ ...common, resource: RESOURCE }).save(),
  ),
);
// The engine by itself looks up no token that is a JWT.
const accessTokens = await Promise.all(
  refreshTokens.map(() => new provider.AccessToken({ ...common, scope: "openid" }).save()),
);

const server = provider.listen(0, "127.0.0.1", () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const authorization = `Basic ${Buffer.from(`${CLIENT_ID}:${secret}`).toString("base64")}`;
  process.send?.({
    url: `http://127.0.0.1:${port}`,
    resource: RESOURCE,
    authorization,
    serviceAuthorization: authorization,
    accessTokens,
    refreshTokens,
  });
});
process.once("disconnect", () => process.exit(0));
