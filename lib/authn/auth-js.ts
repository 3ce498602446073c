import "server-only";
import { cookies, headers } from "next/headers";
import NextAuth, { type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { cookieOf, mayEnter, openedSession, tokenOf } from "@/lib/authn/auth-js-rules";
import { setFlowCookie } from "@/lib/authn/flow-cookie";
import { continueWithIdentity } from "@/lib/authn/sign-in-after-identity";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { authJsAdapter } from "@/lib/federation/auth-js-adapter";
import { authJsProviders } from "@/lib/federation/providers";
import { getConfig } from "@/lib/platform/config";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { log } from "@/lib/platform/log";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { deviceCookieName } from "@/lib/sessions/known-device";
import { HOME_PATH } from "@/lib/shared/return-to";

const findDeviceSecret = async () => (await cookies()).get(deviceCookieName())?.value;

/** Where the browser wanted to go, as Auth.js keeps it between the way there and back. */
async function findReturnTo(): Promise<string> {
  const name = `${getConfig().secureCookies ? "__Secure-" : ""}authjs.callback-url`;
  const kept = URL.parse((await cookies()).get(name)?.value ?? "", getConfig().appUrl);
  return kept?.origin === getConfig().origin ? `${kept.pathname}${kept.search}` : HOME_PATH;
}

/** Begins a flow for whom a provider's word is not enough, and says whether it did (ATK-33). */
async function beginWhatIsLeft(userId: string): Promise<boolean> {
  const secret = await continueWithIdentity(userId, await findDeviceSecret(), await findReturnTo());
  if (secret !== null) await setFlowCookie(secret);
  return secret !== null;
}

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
      encode: ({ token }) => cookieOf(token),
      decode: ({ token }) => tokenOf(token),
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
      signIn: async (entry) => {
        const incoming = await headers();
        return mayEnter(
          entry,
          factsFromHeaders((name) => incoming.get(name)),
          beginWhatIsLeft,
        );
      },
      jwt: async ({ user, account }) =>
        openedSession(user, account, redeem, await findDeviceSecret()),
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
