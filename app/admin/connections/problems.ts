import type { Problem, StepName } from "@/lib/federation/doctor/test-step";

export const STEP_NAMES: Record<StepName, string> = {
  discovery: "The provider says what it offers",
  request: "It takes our request",
  callback: "It sends the browser back",
  token: "It gives a token for the code",
  signature: "The token is signed with its key",
  userinfo: "It says who signed in",
  account: "They would get in",
};

interface Words {
  /** What is wrong. */
  title: string;
  /** What to do about it. */
  fix: string;
}

/** What can be wrong, in words for whoever sets the connection up. */
export const PROBLEM_WORDS: Record<Problem, Words> = {
  "address-refused": {
    title: "This address is not asked",
    fix: "It is no https address, or lies within a private network. If the provider really is there, the operator lists its host in OUTBOUND_ALLOWED_HOSTS.",
  },
  "host-unknown": {
    title: "There is no such host",
    fix: "The name in the issuer cannot be found. Look for a typing mistake.",
  },
  unreachable: {
    title: "The provider does not answer",
    fix: "Nothing answers at this address, or not in time. Check host and port, and whether a firewall stands between.",
  },
  tls: {
    title: "There is no secure connection",
    fix: "The certificate has expired, is for another name, or is signed by an authority that this machine does not know; or the port does not speak TLS. For an authority of your own, the operator sets NODE_EXTRA_CA_CERTS.",
  },
  "discovery-missing": {
    title: "There is no discovery document",
    fix: "Nothing is at /.well-known/openid-configuration below the issuer. Often a part of the path is missing, such as the realm or the authorization server, or there is one too many.",
  },
  "discovery-not-json": {
    title: "The discovery document is no JSON",
    fix: "A page came instead, perhaps of a proxy or a sign-in. The issuer is probably the address of a website and not of the provider.",
  },
  "issuer-slash": {
    title: "The issuer differs by a slash",
    fix: "Enter it exactly as the provider writes it, with or without the slash at its end.",
  },
  "issuer-other": {
    title: "The provider calls itself by another issuer",
    fix: "Enter the issuer that it names, if that is the one you mean. With Entra ID use the id of your tenant, not its name or common.",
  },
  "metadata-incomplete": {
    title: "The discovery document lacks something",
    fix: "A sign-in needs these endpoints. Is this an OpenID provider, and not one of OAuth alone?",
  },
  "pkce-unsupported": {
    title: "It does not say that it supports PKCE",
    fix: "We send a challenge with S256 all the same; most providers take it or look past it. If it refuses the request, it cannot be used here.",
  },
  "auth-method-unsupported": {
    title: "It does not take the secret in this way",
    fix: "Choose another client authentication under Settings, one that the provider offers.",
  },
  "redirect-uri": {
    title: "It does not know our callback address",
    fix: "Copy the callback address from the connection into the client's redirect URIs at the provider, character by character: scheme, port and path count.",
  },
  "client-unknown": {
    title: "It does not know this client id",
    fix: "Copy the client id again. Is the client in this tenant or realm, enabled, and allowed the authorization code flow?",
  },
  "scope-refused": {
    title: "It refuses a scope",
    fix: "Remove what it does not know from the scopes, or allow it for the client at the provider.",
  },
  "request-refused": {
    title: "It seems to refuse our request",
    fix: "Its page has no reason that we can read. Look at its log, and at the page that you were led to.",
  },
  "access-denied": {
    title: "Access was denied",
    fix: "Somebody pressed Cancel, or the provider does not assign this application to this person.",
  },
  "consent-required": {
    title: "An administrator has to agree first",
    fix: "In Entra ID: App registrations, API permissions, Grant admin consent. Elsewhere: allow the application for your organization.",
  },
  "answer-issuer": {
    title: "Another provider answered",
    fix: "The answer names another issuer than the one that was asked, or none although it is promised. Such an answer is never accepted.",
  },
  "answer-error": {
    title: "It sent an error back",
    fix: "What it says is below; its own log says more.",
  },
  "secret-wrong": {
    title: "The client secret is wrong",
    fix: "Make a new one at the provider and replace it here. In Entra ID copy the value, not the id, and look when it expires. If it is right, try the other client authentication.",
  },
  "code-refused": {
    title: "It does not take its own code",
    fix: "The code had expired, or belongs to another client or callback address. Test again; if it stays, compare the callback address.",
  },
  "token-refused": {
    title: "It gives no token",
    fix: "What it says is below; its own log says more.",
  },
  "no-id-token": {
    title: "There is no id token",
    fix: "It answered as plain OAuth. The scope openid has to be asked for, and allowed for the client.",
  },
  "id-token-issuer": {
    title: "The token has another issuer",
    fix: "Enter the issuer that the token names, if it is the same provider. With Keycloak, its hostname setting decides.",
  },
  "id-token-audience": {
    title: "The token is for another client",
    fix: "Its audience is not our client id. Check the client id, and audience mappers at the provider.",
  },
  "id-token-nonce": {
    title: "The token does not belong to this sign-in",
    fix: "Its nonce is missing or not ours: something in between caches or replays answers, or the provider drops the nonce.",
  },
  "id-token-alg": {
    title: "The token is signed in a way that is not accepted",
    fix: "Let the client sign id tokens with RS256 or ES256, not with HS256 or none.",
  },
  "id-token-invalid": {
    title: "The token is not valid",
    fix: "Something that OpenID Connect asks of it is missing or wrong.",
  },
  clock: {
    title: "The clocks differ",
    fix: "The token has expired before it came, or is from the future. Set the clocks of this machine and of the provider by NTP.",
  },
  "key-missing": {
    title: "The key of the token cannot be found",
    fix: "Its key is not among those at jwks_uri, or they cannot be read. Sign-ins need it not, since the token comes from the provider itself; signing out from the provider's side does.",
  },
  "signature-wrong": {
    title: "The signature is wrong",
    fix: "The key at jwks_uri did not sign this token. Do several servers answer for the provider, with different keys?",
  },
  "userinfo-refused": {
    title: "It does not say who signed in",
    fix: "The userinfo endpoint refuses the token. Allow the scopes profile and email for the client.",
  },
  "userinfo-subject": {
    title: "Two answers are about two people",
    fix: "The userinfo endpoint names another subject than the id token. Check mappers of the subject.",
  },
  "email-missing": {
    title: "There is no usable email address",
    fix: "Ask for the scope email, and give the person an address there. Addresses with accents or quotes are not taken.",
  },
  "email-unverified": {
    title: "The address is not verified",
    fix: "The person verifies it at the provider. If the provider never says so, as Entra ID, name your domains under Settings and verify them under Domains: their addresses count then.",
  },
  "domain-not-allowed": {
    title: "The address is of another domain",
    fix: "Only the domains under Settings sign up. Add this one, or use another account.",
  },
  unexpected: {
    title: "Something unexpected happened",
    fix: "Test again. If it stays, the log of this program has more.",
  },
};
