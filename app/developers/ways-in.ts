interface WayIn {
  /** By which the catalogue says whom its token stands for, and what it takes. */
  id: "as-a-user" | "refresh" | "for-itself" | "by-a-key" | "first-party";
  code: string;
}

/** The ways to a token of the API, a call each; `docs/call-the-api.md` has the same lines. */
export function waysIn(origin: string): WayIn[] {
  const [issuer, api] = [`${origin}/oidc`, `${origin}/api/v1`];
  return [
    {
      id: "as-a-user",
      code: `# Lead the browser to ${issuer}/auth?…&scope=openid+api:read&resource=${api}
# then redeem the code for a token of the API:
curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=authorization_code -d code="$CODE" -d code_verifier="$VERIFIER" \\
  -d redirect_uri="$REDIRECT_URI" -d resource=${api}

curl ${api}/me -H "Authorization: Bearer $TOKEN"`,
    },
    {
      id: "refresh",
      code: `curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=refresh_token -d refresh_token="$REFRESH_TOKEN" -d resource=${api}`,
    },
    {
      id: "for-itself",
      code: `curl ${issuer}/token -u "$CLIENT_ID:$CLIENT_SECRET" \\
  -d grant_type=client_credentials -d scope=api:read -d resource=${api}

curl ${api}/users -H "Authorization: Bearer $TOKEN"`,
    },
    {
      id: "by-a-key",
      code: `curl ${api}/me -H "Authorization: Bearer gatehouse_pat_…"`,
    },
    {
      id: "first-party",
      code: `curl ${api}/auth/login -H 'Content-Type: application/json' \\
  -d '{"email":"ada@example.com","password":"…"}'`,
    },
  ];
}
