import {
  apiScopes,
  isDevice,
  isIdle,
  js,
  type Snippet,
  type SnippetFacts,
  sampleCall,
  secretOf,
  signInScope,
} from "@/components/admin/snippets/facts";
import { keepsSecret } from "@/lib/shared/client-kind";

const PRIVATE_KEY = `import { readFileSync } from "node:fs";
import { importPKCS8 } from "jose";

const privateKey = await importPKCS8(readFileSync("private-key.pem", "utf8"), "ES256");
`;

function discovery(facts: SnippetFacts): string {
  const { issuer, clientId, kind, signs } = facts;
  const secret = keepsSecret(kind) && !signs ? js(secretOf(facts)) : undefined;
  const authentication = signs ? "oidc.PrivateKeyJwt(privateKey)" : undefined;
  const plain = issuer.startsWith("http:");
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

function call(facts: SnippetFacts): string {
  const sample = sampleCall(facts);
  if (sample === null) return "";
  return `
const answer = await oidc.fetchProtectedResource(
  config,
  tokens.access_token,
  new URL(${js(sample.url)}),
  ${js(sample.method)},
);
console.log(answer.status, await answer.json());`;
}

const service = (facts: SnippetFacts): string => {
  const scope = apiScopes(facts);
  return scope === ""
    ? `const tokens = await oidc.clientCredentialsGrant(config, {});
console.log(tokens.access_token);`
    : `const tokens = await oidc.clientCredentialsGrant(config, {
  scope: ${js(scope)},
  resource: ${js(facts.api)},
});

// What it may do in the API is what its roles say.${call(facts)}`;
};

/** What comes of a sign-in: who it is, and a call of the API where the client may have one. */
const signedIn = (facts: SnippetFacts): string =>
  apiScopes(facts) === ""
    ? `const claims = tokens.claims();
const person = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
console.log(person.sub, person.name, person.email);`
    : `// This access token is for the API and not for userinfo: name and address are in the id token.
const person = tokens.claims();
console.log(person.sub, person.name, person.email);
${call(facts)}`;

function device(facts: SnippetFacts): string {
  const forApi = apiScopes(facts) === "" ? "" : `\n  resource: ${js(facts.api)},`;
  const again = forApi === "" ? "" : `, { resource: ${js(facts.api)} }`;
  return `const device = await oidc.initiateDeviceAuthorization(config, {
  // With offline_access as well there is a refresh token.
  scope: ${js(signInScope(facts))},${forApi}
});
console.log(\`Open \${device.verification_uri} and enter \${device.user_code}\`);
const tokens = await oidc.pollDeviceAuthorizationGrant(config, device${again});
${signedIn(facts)}`;
}

function codeFlow(facts: SnippetFacts): string {
  const forApi = apiScopes(facts) === "" ? "" : `\n  resource: ${js(facts.api)},`;
  const checks = "{ pkceCodeVerifier: verifier, expectedState: state }";
  const grant =
    forApi === ""
      ? `const tokens = await oidc.authorizationCodeGrant(config, callback, {
  pkceCodeVerifier: verifier,
  expectedState: state,
});`
      : `// The API is named here, too: each access token is for one resource (RFC 8707 §2.2).
const tokens = await oidc.authorizationCodeGrant(
  config,
  callback,
  ${checks},
  { resource: ${js(facts.api)} },
);`;
  return `// To sign in: keep verifier and state with the browser's session, and lead it to url.
const verifier = oidc.randomPKCECodeVerifier();
const state = oidc.randomState();
const url = oidc.buildAuthorizationUrl(config, {
  redirect_uri: ${js(facts.redirectUri)},
  // For a refresh token ask for offline_access as well, and add prompt: "consent" (OpenID Connect Core §11).
  scope: ${js(signInScope(facts))},${forApi}
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
});

// At the redirect URI: callback is the whole address, as a URL, that the browser came to.
${grant}
${signedIn(facts)}`;
}

function body(facts: SnippetFacts): string {
  if (facts.kind === "service") return service(facts);
  return isDevice(facts) ? device(facts) : codeFlow(facts);
}

export function openidClient(facts: SnippetFacts): Snippet {
  return {
    name: "openid-client",
    notes: isIdle(facts) ? ["javaScript", "notForApi"] : ["javaScript"],
    code: `import * as oidc from "openid-client";
${facts.signs ? PRIVATE_KEY : ""}
${discovery(facts)}

${body(facts).trimEnd()}`,
  };
}
