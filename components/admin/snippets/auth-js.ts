import {
  apiScopes,
  js,
  originOf,
  providerId,
  type Snippet,
  type SnippetFacts,
  secretOf,
  signInScope,
} from "@/components/admin/snippets/facts";

const PATH = "/api/auth/callback/";

const forApi = (
  facts: SnippetFacts,
) => `      authorization: { params: { scope: ${js(signInScope(facts))}, resource: api } },
      // Auth.js has no option for it: the token request names the API, too (RFC 8707 §2.2).
      [customFetch]: (input, init) => {
        if (init?.body instanceof URLSearchParams) init.body.set("resource", api);
        return fetch(input, init);
      },`;

const USERINFO = `      // Name and address are what userinfo says (OpenID Connect Core §5.4).
      idToken: false,`;

const CALLBACKS = `
  callbacks: {
    // What calls the API sends this as "Authorization: Bearer …", on the server alone.
    jwt: ({ token, account }) => (account ? { ...token, apiToken: account.access_token } : token),
  },`;

export function authJs(facts: SnippetFacts): Snippet {
  const known = providerId(facts, PATH);
  const id = known ?? "gatehouse";
  const asksApi = apiScopes(facts) !== "";
  return {
    name: "Auth.js",
    notes: [known === null ? "authJsRegister" : "authJs"],
    address: `${originOf(facts)}${PATH}${id}`,
    code: `import NextAuth${asksApi ? ", { customFetch }" : ""} from "next-auth";
${asksApi ? `\nconst api = ${js(facts.api)};\n` : ""}
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
${asksApi ? forApi(facts) : USERINFO}
    },
  ],${asksApi ? CALLBACKS : ""}
});`,
  };
}
