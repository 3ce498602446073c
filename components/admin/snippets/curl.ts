import {
  apiScopes,
  isDevice,
  isIdle,
  type Snippet,
  type SnippetFacts,
  sampleCall,
  secretOf,
  sh,
  signInScope,
} from "@/components/admin/snippets/facts";
import { keepsSecret } from "@/lib/shared/client-kind";

const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

const who = (facts: SnippetFacts): string =>
  keepsSecret(facts.kind)
    ? `-u ${sh(`${facts.clientId}:${secretOf(facts)}`)}`
    : `-d client_id=${sh(facts.clientId)}`;

/** Names the API; each access token is for one resource (RFC 8707 §2.2). */
const resource = (facts: SnippetFacts): string =>
  apiScopes(facts) === "" ? "" : ` \\\n  --data-urlencode ${sh(`resource=${facts.api}`)}`;

/** What is done with the access token of the answer before. */
function next(facts: SnippetFacts): string {
  const sample = sampleCall(facts);
  if (apiScopes(facts) === "") {
    return `

# With the access_token of the answer:
read -r TOKEN
curl -H "Authorization: Bearer $TOKEN" ${sh(`${facts.issuer}/me`)}`;
  }
  if (sample === null) return "";
  return `

# With the access_token of the answer:
read -r TOKEN
curl -H "Authorization: Bearer $TOKEN" ${sh(sample.url)}`;
}

function service(facts: SnippetFacts): string {
  const scope = apiScopes(facts);
  const token = `curl ${sh(`${facts.issuer}/token`)} ${who(facts)} \\\n  -d grant_type=client_credentials`;
  if (scope === "") return token;
  return `${token}${resource(facts)} \\
  --data-urlencode ${sh(`scope=${scope}`)}${next(facts)}`;
}

const device = (facts: SnippetFacts): string =>
  `curl ${sh(`${facts.issuer}/device/auth`)} ${who(facts)}${resource(facts)} \\
  --data-urlencode ${sh(`scope=${signInScope(facts)}`)}

# Once its user has entered the code:
read -r DEVICE_CODE
curl ${sh(`${facts.issuer}/token`)} ${who(facts)}${resource(facts)} \\
  -d grant_type=${DEVICE_CODE} -d device_code="$DEVICE_CODE"${next(facts)}`;

function codeFlow(facts: SnippetFacts): string {
  const { issuer, clientId, redirectUri, api } = facts;
  const parameters = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: signInScope(facts),
    ...(apiScopes(facts) !== "" && { resource: api }),
    code_challenge_method: "S256",
  });
  return `VERIFIER=$(openssl rand -hex 32)
CHALLENGE=$(printf %s "$VERIFIER" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')

# Open this, and copy the code from the address that you are led to.
# For a refresh token add offline_access to its scope, and &prompt=consent.
echo ${sh(`${issuer}/auth?${parameters.toString()}&code_challenge=`)}"$CHALLENGE"
read -r CODE

curl ${sh(`${issuer}/token`)} ${who(facts)} \\
  -d grant_type=authorization_code -d code="$CODE" -d code_verifier="$VERIFIER" \\
  --data-urlencode ${sh(`redirect_uri=${redirectUri}`)}${resource(facts)}${next(facts)}`;
}

export function curl(facts: SnippetFacts): Snippet {
  if (facts.kind === "service") {
    return { name: "curl", notes: isIdle(facts) ? ["notForApi"] : [], code: service(facts) };
  }
  if (isDevice(facts)) return { name: "curl", notes: [], code: device(facts) };
  return { name: "curl", notes: ["curl"], code: codeFlow(facts) };
}
