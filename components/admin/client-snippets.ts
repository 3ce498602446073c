import { authJs } from "@/components/admin/snippets/auth-js";
import { curl } from "@/components/admin/snippets/curl";
import {
  apiScopes,
  isIdle,
  js,
  providerId,
  type Snippet,
  type SnippetFacts,
  type SnippetNote,
  secretOf,
} from "@/components/admin/snippets/facts";
import { openidClient } from "@/components/admin/snippets/openid-client";

const quoted = (text: string): string => `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;

function springNotes(facts: SnippetFacts): SnippetNote[] {
  if (isIdle(facts)) return ["spring", "notForApi"];
  const eddsa = facts.kind !== "service" && facts.idTokenAlgorithm === "EdDSA";
  return [eddsa ? "springNoEdDsa" : "springFiles"];
}

function spring(facts: SnippetFacts): Snippet {
  const { issuer, clientId, kind, redirectUri, idTokenAlgorithm, api } = facts;
  const id = providerId(facts, "/login/oauth2/code/") ?? "gatehouse";
  const idle = isIdle(facts);
  const registration = [
    `client-id: ${js(clientId)}`,
    `client-secret: ${js(secretOf(facts))}`,
    ...(kind === "service"
      ? [
          "authorization-grant-type: client_credentials",
          ...(idle ? [] : [`scope: ${js(apiScopes(facts))}`]),
        ]
      : [
          `scope: ${["openid", "profile", "email"].join(", ")}`,
          `redirect-uri: ${js(redirectUri)}`,
        ]),
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
  return {
    name: "Spring",
    notes: springNotes(facts),
    code: idle ? yaml : `${yaml}\n\n${java}`,
  };
}

function nginxPlus(facts: SnippetFacts): Snippet {
  const { issuer, clientId, redirectUri } = facts;
  return {
    name: "nginx",
    notes: ["nginx"],
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
    name: "Apache",
    notes: [idTokenAlgorithm === "EdDSA" ? "apacheNoEdDsa" : "apache"],
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
