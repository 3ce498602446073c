import { type ClientKind, keepsSecret } from "@/lib/shared/client-kind";

/** What a snippet is filled in with. */
export interface SnippetFacts {
  issuer: string;
  /** The JSON API as a resource. */
  api: string;
  clientId: string;
  /** Only where it is shown anyway; else the snippet says where it goes. */
  secret: string | null;
  kind: ClientKind;
  signs: boolean;
  redirectUri: string;
  scopes: string[];
  idTokenAlgorithm: string;
}

export interface Snippet {
  title: string;
  /** What has to be said beside it. */
  note?: string;
  code: string;
}

// Somebody pastes these: whatever they are filled in with stays within its quotes.
const js = (text: string): string => JSON.stringify(text);
const sh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;

const secretOf = ({ secret }: SnippetFacts): string => secret ?? "<client secret>";
const apiScopes = ({ scopes }: SnippetFacts): string =>
  scopes.filter((scope) => scope.startsWith("api:")).join(" ");
const isPlain = ({ issuer }: SnippetFacts): boolean => issuer.startsWith("http:");

/** A native app without an address is signed in by a code (RFC 8628). */
const isDevice = ({ kind, redirectUri }: SnippetFacts): boolean =>
  kind === "native" && redirectUri === "";

/** The last part of a callback address of this shape, which a library calls the provider's id. */
function providerId({ redirectUri }: SnippetFacts, path: string): string | null {
  const { pathname = "" } = URL.parse(redirectUri) ?? {};
  const id = pathname.startsWith(path) ? pathname.slice(path.length) : "";
  return /^[\w-]+$/.test(id) ? id : null;
}

const originOf = ({ redirectUri }: SnippetFacts): string =>
  URL.parse(redirectUri)?.origin ?? "https://app.example.com";

function discovery(facts: SnippetFacts): string {
  const { issuer, clientId, kind, signs } = facts;
  const plain = isPlain(facts);
  const secret = keepsSecret(kind) && !signs ? js(secretOf(facts)) : undefined;
  const authentication = signs ? "oidc.PrivateKeyJwt(privateKey)" : undefined;
  const options = plain ? "{ execute: [oidc.allowInsecureRequests] }" : undefined;
  const optional = [secret, authentication, options];
  // What is left out before something that is there has to be said.
  const count = optional.findLastIndex((one) => one !== undefined) + 1;
  const parameters = [
    `new URL(${js(issuer)})`,
    js(clientId),
    ...optional.slice(0, count).map((one) => one ?? "undefined"),
  ];
  return `const config = await oidc.discovery(\n${parameters.map((one) => `  ${one},\n`).join("")});`;
}

const privateKey = `import { readFileSync } from "node:fs";
import { importPKCS8 } from "jose";

const privateKey = await importPKCS8(readFileSync("private-key.pem", "utf8"), "ES256");
`;

function openidClient(facts: SnippetFacts): Snippet {
  const { kind, redirectUri, signs, api } = facts;
  const head = `import * as oidc from "openid-client";
${signs ? privateKey : ""}
${discovery(facts)}
`;
  if (isDevice(facts)) {
    const code = `${head}
const device = await oidc.initiateDeviceAuthorization(config, { scope: "openid profile email" });
console.log(\`Open \${device.verification_uri} and enter \${device.user_code}\`);
const tokens = await oidc.pollDeviceAuthorizationGrant(config, device);
console.log(tokens.claims());`;
    return { title: "openid-client", note: "JavaScript, version 6.", code };
  }
  const scope = apiScopes(facts);
  const resource = scope === "" ? "" : `\n  scope: ${js(scope)},\n  resource: ${js(api)},\n`;
  const body =
    kind === "service"
      ? `const tokens = await oidc.clientCredentialsGrant(config, {${resource}});
console.log(tokens.access_token);`
      : `// To sign in: keep verifier and state with the browser's session, and lead it to url.
const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const url = oidc.buildAuthorizationUrl(config, {
  redirect_uri: ${js(redirectUri)},
  scope: "openid profile email",
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});

// At the redirect URI: callback is the whole address, as a URL, that the browser came to.
const tokens = await oidc.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
});
console.log(tokens.claims());`;
  return { title: "openid-client", note: "JavaScript, version 6.", code: `${head}\n${body}` };
}

function authJs(facts: SnippetFacts): Snippet {
  const path = "/api/auth/callback/";
  const known = providerId(facts, path);
  const id = known ?? "gatehouse";
  return {
    title: "Auth.js",
    note:
      known === null
        ? `auth.ts, version 5. Register ${originOf(facts)}${path}${id} as a redirect URI: that is where Auth.js waits.`
        : "auth.ts, version 5.",
    code: `import NextAuth from "next-auth";

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: ${js(id)},
      name: "Gatehouse",
      type: "oidc",
      issuer: ${js(facts.issuer)},
      clientId: ${js(facts.clientId)},
      clientSecret: ${js(secretOf(facts))},
      checks: ["pkce", "state"],
      // Name and address are what userinfo says (OpenID Connect Core §5.4).
      idToken: false,
    },
  ],
});`,
  };
}

function spring(facts: SnippetFacts): Snippet {
  const { issuer, clientId, kind, redirectUri, idTokenAlgorithm, api } = facts;
  const id = providerId(facts, "/login/oauth2/code/") ?? "gatehouse";
  const registration = [
    `client-id: ${js(clientId)}`,
    `client-secret: ${js(secretOf(facts))}`,
    ...(kind === "service"
      ? ["authorization-grant-type: client_credentials", `scope: ${js(apiScopes(facts))}`]
      : ["scope: openid, profile, email", `redirect-uri: ${js(redirectUri)}`]),
  ];
  const yaml = `# application.yml
spring:
  security:
    oauth2:
      client:
        registration:
          ${id}:
            provider: ${id}
${registration.map((line) => `            ${line}\n`).join("")}        provider:
          ${id}:
            issuer-uri: ${js(issuer)}`;
  const java =
    kind === "service"
      ? `// Tokens for the API name it as their resource.
@Bean
OAuth2AccessTokenResponseClient<OAuth2ClientCredentialsGrantRequest> tokens() {
  var client = new RestClientClientCredentialsTokenResponseClient();
  client.addParametersConverter(
      request -> new LinkedMultiValueMap<>(Map.of("resource", List.of(${js(api)}))));
  return client;
}`
      : `// PKCE is asked of every client.
@Bean
SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) throws Exception {
  var requests = new DefaultOAuth2AuthorizationRequestResolver(clients, "/oauth2/authorization");
  requests.setAuthorizationRequestCustomizer(OAuth2AuthorizationRequestCustomizers.withPkce());
  return http
      .authorizeHttpRequests(all -> all.anyRequest().authenticated())
      .oauth2Login(login -> login
          .authorizationEndpoint(endpoint -> endpoint.authorizationRequestResolver(requests))
          .redirectionEndpoint(endpoint -> endpoint.baseUri(${js(URL.parse(redirectUri)?.pathname ?? "/")})))
      .build();
}

// ID tokens of this client are signed with ${idTokenAlgorithm}.
@Bean
JwtDecoderFactory<ClientRegistration> idTokens() {
  var decoders = new OidcIdTokenDecoderFactory();
  decoders.setJwsAlgorithmResolver(client -> SignatureAlgorithm.${idTokenAlgorithm});
  return decoders;
}`;
  const eddsa = kind !== "service" && idTokenAlgorithm === "EdDSA";
  return {
    title: "Spring",
    note: eddsa
      ? "Spring Boot 3. Spring knows no EdDSA: let ID tokens of this client be signed with ES256."
      : "Spring Boot 3: application.yml, and a configuration class.",
    code: `${yaml}\n\n${java}`,
  };
}

function nginxPlus(facts: SnippetFacts): Snippet {
  const { issuer, clientId, redirectUri } = facts;
  return {
    title: "nginx",
    note: "NGINX Plus from release 36 on, whose OpenID Connect module has PKCE. It needs a resolver.",
    code: `# in http { }
oidc_provider gatehouse {
    issuer        ${quoted(issuer)};
    client_id     ${quoted(clientId)};
    client_secret ${quoted(secretOf(facts))};
    redirect_uri  ${quoted(URL.parse(redirectUri)?.pathname ?? "/oidc_callback")};
    scope         openid profile email;
    pkce          on;
    userinfo      on;
}

# in server { }
location / {
    auth_oidc gatehouse;
    proxy_set_header X-User  $oidc_claim_sub;
    proxy_set_header X-Email $oidc_claim_email;
    proxy_pass http://127.0.0.1:8080;
}`,
  };
}

function apache(facts: SnippetFacts): Snippet {
  const { issuer, clientId, redirectUri, idTokenAlgorithm } = facts;
  return {
    title: "Apache",
    note:
      idTokenAlgorithm === "EdDSA"
        ? "mod_auth_openidc 2.4. It knows no EdDSA: let ID tokens of this client be signed with ES256."
        : "mod_auth_openidc 2.4.",
    code: `OIDCProviderMetadataURL ${quoted(`${issuer}/.well-known/openid-configuration`)}
OIDCClientID ${quoted(clientId)}
OIDCClientSecret ${quoted(secretOf(facts))}
OIDCRedirectURI ${quoted(redirectUri)}
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCIDTokenSignedResponseAlg ${idTokenAlgorithm}
OIDCRemoteUserClaim email
# Its own cookies are encrypted with this.
OIDCCryptoPassphrase "<32 random characters>"

# It has to cover the path of the redirect URI.
<Location "/">
    AuthType openid-connect
    Require valid-user
</Location>`,
  };
}

function curl(facts: SnippetFacts): Snippet {
  const { issuer, clientId, kind, redirectUri, api } = facts;
  const who = keepsSecret(kind)
    ? `-u ${sh(`${clientId}:${secretOf(facts)}`)}`
    : `-d client_id=${sh(clientId)}`;
  if (kind === "service") {
    const scope = apiScopes(facts);
    const forApi =
      scope === ""
        ? ""
        : ` \\\n  --data-urlencode ${sh(`resource=${api}`)} --data-urlencode ${sh(`scope=${scope}`)}`;
    const code = `curl ${sh(`${issuer}/token`)} ${who} \\\n  -d grant_type=client_credentials${forApi}`;
    return { title: "curl", code };
  }
  if (isDevice(facts)) {
    const device = "urn:ietf:params:oauth:grant-type:device_code";
    const code = `curl ${sh(`${issuer}/device/auth`)} ${who} -d scope='openid profile email'

# Once its user has entered the code:
read -r DEVICE_CODE
curl ${sh(`${issuer}/token`)} ${who} \\
  -d grant_type=${device} -d device_code="$DEVICE_CODE"`;
    return { title: "curl", code };
  }
  const parameters = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid profile email",
    code_challenge_method: "S256",
  });
  return {
    title: "curl",
    note: "To try it out by hand, in a shell with openssl.",
    code: `VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')

# Open this, and copy the code from the address that you are led to.
echo ${sh(`${issuer}/auth?${parameters.toString()}&code_challenge=`)}"$CHALLENGE"
read -r CODE

curl ${sh(`${issuer}/token`)} ${who} \\
  -d grant_type=authorization_code -d code="$CODE" -d code_verifier="$VERIFIER" \\
  --data-urlencode ${sh(`redirect_uri=${redirectUri}`)}`,
  };
}

/** How an app of this kind is set up, ready to paste. */
export function snippetsFor(facts: SnippetFacts): Snippet[] {
  const { kind, signs } = facts;
  if (signs) return [openidClient(facts)];
  switch (kind) {
    case "web":
      return [openidClient, authJs, spring, nginxPlus, apache, curl].map((make) => make(facts));
    case "service":
      return [openidClient, spring, curl].map((make) => make(facts));
    case "single_page":
    case "native":
      return [openidClient, curl].map((make) => make(facts));
  }
}
