import "server-only";
import { cookies, headers } from "next/headers";
import NextAuth, { type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { issueSignInTicket, redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { authJsAdapter } from "@/lib/federation/auth-js-adapter";
import { authJsProviders } from "@/lib/federation/providers";
import { signInWithIdentity } from "@/lib/federation/sign-in-with-identity";
import { getConfig } from "@/lib/platform/config";
import { isSecret } from "@/lib/platform/crypto";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { log } from "@/lib/platform/log";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { deviceCookieName } from "@/lib/sessions/known-device";

/** Federation vouches for one factor that we know nothing of (RFC 8176 has no word for it). */
const FEDERATED_ASSURANCE = { acr: "urn:gatehouse:aal1", amr: ["fed"] };

async function redeem(ticket: unknown) {
  const [incoming, jar] = [await headers(), await cookies()];
  return redeemSignInTicket(
    ticket,
    {
      deviceSecret: jar.get(deviceCookieName())?.value,
      sessionSecret: jar.get(sessionCookieName())?.value,
    },
    factsFromHeaders((name) => incoming.get(name)),
  );
}

/**
 * Auth.js, reduced to two jobs: the federated dance, and writing the session
 * cookie. The cookie's value is our opaque session secret and nothing else, so
 * that the session row stays the only truth (D3, DEC-5).
 */
function configuration(): NextAuthConfig {
  const config = getConfig();
  const secure = config.secureCookies;
  return {
    adapter: authJsAdapter(),
    secret: config.authSecrets,
    basePath: "/api/auth",
    trustHost: true,
    useSecureCookies: secure,
    pages: { signIn: "/sign-in", error: "/sign-in" },
    session: {
      strategy: "jwt",
      maxAge: config.session.absoluteLifetimeSeconds,
    },
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
    },
    jwt: {
      encode: ({ token }) => {
        if (!isSecret(token?.["sessionSecret"])) throw new Error("no session was opened");
        return token["sessionSecret"];
      },
      decode: ({ token }) => (isSecret(token) ? { sessionSecret: token } : null),
    },
    providers: [
      Credentials({
        credentials: { ticket: {} },
        authorize: async ({ ticket }) => {
          const redeemed = await redeem(ticket);
          return (
            redeemed && {
              id: redeemed.userId,
              email: redeemed.email,
              sessionSecret: redeemed.sessionSecret,
            }
          );
        },
      }),
      ...authJsProviders(),
    ],
    callbacks: {
      signIn: async ({ account, profile, user }) => {
        if (account?.provider === "credentials") return true;
        if (!account) return false;
        const incoming = await headers();
        const result = await signInWithIdentity(
          {
            provider: account.provider,
            providerAccountId: account.providerAccountId,
            type: account.type,
            email: typeof profile?.email === "string" ? profile.email : null,
            emailVerified: profile?.["email_verified"] === true,
            name: user.name ?? null,
          },
          factsFromHeaders((name) => incoming.get(name)),
        );
        return result.outcome === "accepted" || `/sign-in?error=${result.reason}`;
      },
      jwt: async ({ user, account }) => {
        if (account?.provider === "credentials") {
          return {
            sessionSecret: (user as { sessionSecret?: string }).sessionSecret,
          };
        }
        // Called without an account to renew a cookie; ours is renewed by nobody.
        if (!account || !user.id) return null;
        const ticket = await issueSignInTicket({
          userId: user.id,
          ...FEDERATED_ASSURANCE,
        });
        const redeemed = await redeem(ticket);
        return redeemed && { sessionSecret: redeemed.sessionSecret };
      },
    },
    logger: {
      // Its own messages carry what came from the browser; the name says enough (ATK-66).
      error: (error) => log.warn("a sign-in was refused", { code: error.name }),
      warn: (code) => log.debug("sign-in library", { code }),
      debug: () => {},
    },
  };
}

export const { handlers, signIn, signOut } = NextAuth(configuration);
