import "server-only";
import type { Provider } from "next-auth/providers";
import GitHub, { type GitHubProfile } from "next-auth/providers/github";
import Google, { type GoogleProfile } from "next-auth/providers/google";
import type { SignInProvider } from "@/lib/federation/providers";
import { getConfig } from "@/lib/platform/config";
import { GITHUB_BASE_URL } from "@/lib/shared/provider-defaults";

/** The providers of the environment, in the order in which they are offered. */
export function listEnvironmentProviders(): SignInProvider[] {
  const { google, github } = getConfig();
  return [
    ...(google
      ? [{ id: "google", name: "Google", oidc: { issuer: google.issuer, clientId: google.id } }]
      : []),
    ...(github ? [{ id: "github", name: "GitHub", oidc: null }] : []),
  ];
}

/** The same as Auth.js wants them. */
export function environmentAuthJsProviders(): Provider[] {
  const { google, github } = getConfig();
  return [
    ...(google
      ? [
          Google({
            clientId: google.id,
            clientSecret: google.secret,
            issuer: google.issuer,
            checks: ["pkce", "state", "nonce"],
            profile: (profile: GoogleProfile) => ({
              id: profile.sub,
              name: profile.name,
              email: profile.email,
            }),
          }),
        ]
      : []),
    ...(github ? [gitHub(github)] : []),
  ];
}

function gitHub({ id, secret, issuer }: { id: string; secret: string; issuer: string }): Provider {
  const api = issuer === GITHUB_BASE_URL ? "https://api.github.com" : `${issuer}/api/v3`;
  return GitHub({
    clientId: id,
    clientSecret: secret,
    ...(issuer === GITHUB_BASE_URL ? {} : { enterprise: { baseUrl: issuer } }),
    checks: ["pkce", "state"],
    userinfo: {
      url: `${api}/user`,
      request: ({ tokens }: { tokens: { access_token?: string } }) =>
        fetchGitHubProfile(api, tokens.access_token ?? ""),
    },
    profile: (profile: GitHubProfile) => ({
      id: String(profile.id),
      name: profile.name ?? profile.login,
      email: profile.email,
    }),
  });
}

/**
 * GitHub's /user has the address that its owner shows the public; what it
 * vouches for is the primary verified one of /user/emails.
 */
async function fetchGitHubProfile(api: string, accessToken: string): Promise<GitHubProfile> {
  const [profile, emails] = await Promise.all([
    fetchGitHub<GitHubProfile>(`${api}/user`, accessToken),
    fetchGitHub<{ email: string; primary: boolean; verified: boolean }[]>(
      `${api}/user/emails`,
      accessToken,
    ),
  ]);
  const primary = emails.find((entry) => entry.primary && entry.verified);
  return {
    ...profile,
    email: primary?.email ?? null,
    email_verified: primary !== undefined,
  };
}

async function fetchGitHub<T>(url: string, accessToken: string): Promise<T> {
  const response = await fetch(url, {
    headers: {
      authorization: `Bearer ${accessToken}`,
      accept: "application/vnd.github+json",
      "user-agent": "gatehouse",
    },
    redirect: "error",
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`GitHub answered ${response.status}`);
  return (await response.json()) as T;
}
