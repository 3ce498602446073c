/**
 * What the authorization server is held against, by the names that the outside world uses: the
 * modules of the OpenID Foundation's conformance suite, the specifications, and the best current
 * practice of RFC 9700. A test proves a module by having its id in its name.
 *
 * @typedef {{ id: string, checks: string, notOffered?: string }} Module
 *   `notOffered` says why there is nothing to prove; nothing of it is advertised either
 * @typedef {{ title: string, modules: Module[] }} Plan
 */

const NO_ADDRESS = "Gatehouse keeps no postal address, and the scope is not advertised";
const NO_PHONE =
  "a telephone number is a factor here and told to no client; the scope is not advertised";
const NO_THIRD_PARTY_COOKIES =
  "it lives on cookies in a foreign frame, which browsers withhold; back-channel logout does its work";

/** @type {readonly Plan[]} */
export const PLANS = [
  {
    title: "Basic OP (oidcc-basic-certification-test-plan)",
    modules: [
      { id: "oidcc-server", checks: "code flow: state, iss, ID token, userinfo" },
      { id: "oidcc-response-type-missing", checks: "refused without a response type" },
      {
        id: "oidcc-idtoken-signature",
        checks: "signed with the registered algorithm, kid present",
      },
      { id: "oidcc-idtoken-unsigned", checks: "alg none is not to be had" },
      { id: "oidcc-userinfo-get", checks: "GET with the token in the header" },
      { id: "oidcc-userinfo-post-header", checks: "POST with the token in the header" },
      { id: "oidcc-userinfo-post-body", checks: "POST with the token in the body" },
      {
        id: "oidcc-ensure-request-without-nonce-succeeds-for-code-flow",
        checks: "nonce is optional in the code flow",
      },
      { id: "oidcc-scope-profile", checks: "claims of the scope profile" },
      { id: "oidcc-scope-email", checks: "claims of the scope email" },
      { id: "oidcc-scope-address", checks: "claims of the scope address", notOffered: NO_ADDRESS },
      { id: "oidcc-scope-phone", checks: "claims of the scope phone", notOffered: NO_PHONE },
      { id: "oidcc-scope-all", checks: "all scopes at once" },
      {
        id: "oidcc-alternate-happy-flow",
        checks: "the order of scopes and parameters says nothing",
      },
      { id: "oidcc-display-page", checks: "display=page is accepted" },
      { id: "oidcc-display-popup", checks: "display=popup is accepted" },
      { id: "oidcc-prompt-login", checks: "signs in again, auth_time is later" },
      { id: "oidcc-prompt-none-not-logged-in", checks: "login_required at the client" },
      { id: "oidcc-prompt-none-logged-in", checks: "silent, same sub and auth_time" },
      { id: "oidcc-max-age-1", checks: "signs in again, auth_time present" },
      { id: "oidcc-max-age-10000", checks: "does not ask again, same auth_time" },
      {
        id: "oidcc-ensure-request-with-unknown-parameter-succeeds",
        checks: "an unknown parameter is ignored",
      },
      { id: "oidcc-id-token-hint", checks: "with prompt=none and the hint: silent, same sub" },
      { id: "oidcc-login-hint", checks: "accepted, and fills in the address" },
      { id: "oidcc-ui-locales", checks: "accepted" },
      { id: "oidcc-claims-locales", checks: "accepted" },
      { id: "oidcc-ensure-request-with-acr-values-succeeds", checks: "acr is returned" },
      { id: "oidcc-codereuse", checks: "a second use is refused" },
      { id: "oidcc-codereuse-30seconds", checks: "a late second use ends what the first one got" },
      {
        id: "oidcc-ensure-registered-redirect-uri",
        checks: "another address: a page, no redirect",
      },
      {
        id: "oidcc-ensure-post-request-succeeds",
        checks: "authorization request by POST",
        notOffered:
          "needs a session cookie that is sent across sites; the suite reports a warning, not a failure",
      },
      { id: "oidcc-server-client-secret-post", checks: "the secret in the body" },
      {
        id: "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported",
        checks: "refused as unsupported",
      },
      {
        id: "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported",
        checks: "refused as unsupported",
      },
      { id: "oidcc-claims-essential", checks: "an essential claim is delivered" },
      {
        id: "oidcc-ensure-request-object-with-redirect-uri",
        checks: "the object's address wins or is refused",
      },
      {
        id: "oidcc-refresh-token",
        checks: "a new ID token of the same sub; another client's token is refused",
      },
      { id: "oidcc-ensure-request-with-valid-pkce-succeeds", checks: "PKCE is accepted" },
    ],
  },
  {
    title: "Config OP (oidcc-config-certification-test-plan)",
    modules: [
      {
        id: "oidcc-discovery-endpoint-verification",
        checks: "issuer, endpoints, algorithms, keys with unique ids, well-formed lists",
      },
    ],
  },
  {
    title: "RP-initiated logout (oidcc-rp-initiated-logout-certification-test-plan)",
    modules: [
      {
        id: "oidcc-rp-initiated-logout-discovery-endpoint-verification",
        checks: "end_session_endpoint is published",
      },
      { id: "oidcc-rp-initiated-logout", checks: "back with state; afterwards prompt=none fails" },
      {
        id: "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
        checks: "another address: no redirect",
      },
      { id: "oidcc-rp-initiated-logout-modified-id-token-hint", checks: "alg none: no redirect" },
      { id: "oidcc-rp-initiated-logout-no-id-token-hint", checks: "the person is asked" },
      { id: "oidcc-rp-initiated-logout-no-params", checks: "the person is asked" },
      {
        id: "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
        checks: "ends here, no redirect",
      },
      { id: "oidcc-rp-initiated-logout-no-state", checks: "back without state" },
      { id: "oidcc-rp-initiated-logout-only-state", checks: "the person is asked" },
      {
        id: "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
        checks: "another address: no redirect",
      },
      {
        id: "oidcc-rp-initiated-logout-bad-id-token-hint",
        checks: "a foreign signature: no redirect",
      },
    ],
  },
  {
    title: "Back-channel logout (oidcc-backchannel-rp-initiated-logout-certification-test-plan)",
    modules: [
      {
        id: "oidcc-backchannel-logout-discovery-endpoint-verification",
        checks: "backchannel_logout_supported and _session_supported",
      },
      {
        id: "oidcc-backchannel-rp-initiated-logout",
        checks: "the logout token by its rules; then prompt=none fails",
      },
    ],
  },
  {
    title: "Front-channel logout and session management",
    modules: [
      {
        id: "oidcc-frontchannel-logout-discovery-endpoint-verification",
        checks: "a frame for every client",
        notOffered: NO_THIRD_PARTY_COOKIES,
      },
      {
        id: "oidcc-frontchannel-rp-initiated-logout",
        checks: "a frame for every client",
        notOffered: NO_THIRD_PARTY_COOKIES,
      },
      {
        id: "oidcc-session-management-discovery-endpoint-verification",
        checks: "check_session_iframe",
        notOffered: NO_THIRD_PARTY_COOKIES,
      },
      {
        id: "oidcc-session-management-rp-initiated-logout",
        checks: "check_session_iframe",
        notOffered: NO_THIRD_PARTY_COOKIES,
      },
    ],
  },
  {
    title: "OAuth 2.0 Security Best Current Practice (RFC 9700)",
    modules: [
      { id: "BCP-1", checks: "redirect addresses are compared exactly (§2.1, §4.1)" },
      { id: "BCP-2", checks: "no open redirector (§4.11)" },
      { id: "BCP-3", checks: "a client's requests are bound to its user agent (§2.1, §4.7)" },
      { id: "BCP-4", checks: "iss in every authorization response (§2.1, §4.4)" },
      { id: "BCP-5", checks: "PKCE is asked for and enforced, no downgrade (§2.1.1, §4.8)" },
      { id: "BCP-6", checks: "metadata names the challenge methods (§2.1.1)" },
      { id: "BCP-7", checks: "no implicit grant, no password grant (§2.1.2, §2.4)" },
      { id: "BCP-8", checks: "tokens can be bound to a key (§2.2.1)" },
      {
        id: "BCP-9",
        checks: "refresh tokens: rotation, reuse and events end them (§2.2.2, §4.14)",
      },
      { id: "BCP-10", checks: "access tokens are for one audience (§2.3)" },
      { id: "BCP-11", checks: "clients prove who they are, with keys if they can (§2.5)" },
      { id: "BCP-12", checks: "a code is used once; reuse ends its tokens (§4.2.4)" },
      { id: "BCP-13", checks: "no redirect repeats what was posted (§4.12)" },
      { id: "BCP-14", checks: "http addresses on this machine alone (§2.6, §4.1)" },
      { id: "BCP-15", checks: "no CORS at the authorization endpoint (§2.6)" },
      { id: "BCP-16", checks: "nobody frames sign-in and consent (§4.16)" },
      { id: "BCP-17", checks: "no referrer leaves them (§4.2)" },
      { id: "BCP-18", checks: "forwarding headers count from trusted proxies alone (§4.13)" },
      { id: "BCP-19", checks: "no client can be mistaken for a user (§4.15)" },
      { id: "BCP-20", checks: "no access token in an address (§4.3.2)" },
    ],
  },
  {
    title: "Specifications",
    modules: [
      { id: "RFC 6749", checks: "the framework: repeated parameters, errors, state, caching" },
      { id: "RFC 6750", checks: "bearer tokens: challenges of a resource server" },
      { id: "RFC 7009", checks: "revocation" },
      { id: "RFC 7523", checks: "private_key_jwt" },
      { id: "RFC 7591", checks: "dynamic registration" },
      { id: "RFC 7592", checks: "management of a registration" },
      { id: "RFC 7636", checks: "PKCE" },
      { id: "RFC 7662", checks: "introspection" },
      { id: "RFC 8252", checks: "native apps: loopback ports, private-use schemes" },
      { id: "RFC 8414", checks: "metadata: what is advertised works" },
      { id: "RFC 8628", checks: "device grant" },
      { id: "RFC 8693", checks: "token exchange" },
      { id: "RFC 8707", checks: "resource indicators" },
      { id: "RFC 9068", checks: "access tokens as JWT" },
      { id: "RFC 9126", checks: "pushed authorization requests" },
      { id: "RFC 9207", checks: "iss in the response" },
      { id: "RFC 9449", checks: "DPoP" },
      { id: "RFC 9470", checks: "step-up challenges" },
      { id: "RFC 9728", checks: "protected-resource metadata" },
    ],
  },
];
