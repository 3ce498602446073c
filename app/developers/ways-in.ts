interface WayIn {
  id: string;
  title: string;
  /** Whom its token stands for, and what it takes. */
  about: string;
  code: string;
}

/** The ways to a token of the API, a call each; `docs/call-the-api.md` has the same lines. */
export function waysIn(origin: string): WayIn[] {
  const [issuer, api] = [`${origin}/oidc`, `${origin}/api/v1`];
  return [
    {
      id: "as-a-user",
      title: "A client, for its user",
      about:
        "Give the client api:read or api:write in its settings. It asks for them with the API as resource, in the authorization request and in the token request; the lines to paste are on the client's page. Its user allows it, and it reaches no further than they do.",
      code: `# Lead the browser to ${issuer}/auth?…&scope=openid+api:read&resource=${api}
# then redeem the code for a token of the API:
curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=authorization_code -d code="$CODE" -d code_verifier="$VERIFIER" \\
  -d redirect_uri="$REDIRECT_URI" -d resource=${api}

curl ${api}/me -H "Authorization: Bearer $TOKEN"`,
    },
    {
      id: "refresh",
      title: "The next token of that client",
      about:
        "An access token holds for minutes. With offline_access among the scopes and prompt=consent in the authorization request there is a refresh token too (a first-party client has one anyway). Each works once: the answer has the next one.",
      code: `curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=refresh_token -d refresh_token="$REFRESH_TOKEN" -d resource=${api}`,
    },
    {
      id: "for-itself",
      title: "A service, for itself",
      about:
        "A client of the kind service has no user. Give it api:read or api:write, and roles on its page: they say what it may do. What is about the user who asks is answered with user_required.",
      code: `curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=client_credentials -d scope=api:read -d resource=${api}

curl ${api}/users -H "Authorization: Bearer $TOKEN"`,
    },
    {
      id: "by-a-key",
      title: "A script of your own",
      about:
        "A personal access token is made under Account, Personal tokens, with a scope and an end. It acts as you.",
      code: `curl ${api}/me -H "Authorization: Bearer gatehouse_pat_…"`,
    },
    {
      id: "first-party",
      title: "A program of this installation",
      about:
        "Email and password, and the second factor of whoever has one, for a short access token; the refresh token is in a cookie. No client is needed.",
      code: `curl ${api}/auth/login -H 'Content-Type: application/json' \\
  -d '{"email":"ada@example.com","password":"…"}'`,
    },
  ];
}
