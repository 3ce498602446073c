import "server-only";
import { cookies, headers } from "next/headers";
import NextAuth, { customFetch, type NextAuthConfig } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import {
  cookieOf,
  mayEnter,
  openedSession,
  tokenOf,
  whereLinkLeads,
} from "@/lib/authn/auth-js-rules";
import { findDeviceSecret, setDeviceCookie } from "@/lib/authn/device-cookie";
import { setFlowCookie } from "@/lib/authn/flow-cookie";
import { findKept } from "@/lib/authn/kept-cookie";
import { clearLinkCookie, findLinkCookie } from "@/lib/authn/link-cookie";
import { finishIdentityLink } from "@/lib/authn/own-identities";
import { continueWithIdentity } from "@/lib/authn/sign-in-after-identity";
import { redeemSignInTicket } from "@/lib/authn/sign-in-ticket";
import { authJsAdapter } from "@/lib/federation/auth-js-adapter";
import { authJsProviders } from "@/lib/federation/providers";
import type { IdentityProof, UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import type { UpstreamToken } from "@/lib/federation/upstream-sign-out";
import { isInAllowedNetwork } from "@/lib/organizations/allowed-network";
import { getConfig } from "@/lib/platform/config";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { log } from "@/lib/platform/log";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import type { RequestFacts } from "@/lib/shared/caller";
import { HOME_PATH } from "@/lib/shared/return-to";

/** Where the browser wanted to go, as Auth.js keeps it between the way there and back. */
async function findReturnTo(): Promise<string> {
  const name = `${getConfig().secureCookies ? "__Secure-" : ""}authjs.callback-url`;
  const kept = URL.parse((await cookies()).get(name)?.value ?? "", getConfig().appUrl);
  return kept?.origin === getConfig().origin ? `${kept.pathname}${kept.search}` : HOME_PATH;
}

/** Begins a flow for whom a provider's word is not enough, and says whether it did (ATK-33). */
async function beginWhatIsLeft(
  proof: IdentityProof,
  token: UpstreamToken | null,
): Promise<boolean> {
  const device = await findDeviceSecret();
  const secret = await continueWithIdentity(proof, device, await findReturnTo(), token);
  if (secret !== null) await setFlowCookie(secret);
  return secret !== null;
}

/** Connects an identity to whose session this browser has. */
async function link(secret: string | undefined, identity: UpstreamIdentity, request: RequestFacts) {
  await clearLinkCookie();
  const principal = await findPrincipal((await cookies()).get(sessionCookieName())?.value);
  const caller = principal && { principal, request };
  return finishIdentityLink(caller && isInAllowedNetwork(caller) ? caller : null, secret, identity);
}

async function redeem(ticket: unknown) {
  const [incoming, jar] = [await headers(), await cookies()];
  const redeemed = await redeemSignInTicket(
    ticket,
    {
      deviceSecret: await findDeviceSecret(),
      sessionSecret: jar.get(sessionCookieName())?.value,
      keptSecrets: (await findKept()).map(({ secret }) => secret),
    },
    factsFromHeaders((name) => incoming.get(name)),
  );
  if (redeemed?.deviceSecret) await setDeviceCookie(redeemed.deviceSecret);
  return redeemed;
}

/**
 * Auth.js, reduced to two jobs: the federated dance, and writing the session
 * cookie. The cookie's value is our opaque session secret and nothing else, so
 * that the session row stays the only truth (D3, DEC-5). It is asked for at every request,
 * so that a connection counts from the next one on (F7).
 */
async function configuration(): Promise<NextAuthConfig> {
  const config = getConfig();
  const secure = config.secureCookies;
  const { providers, connectionOf } = await authJsProviders(customFetch);
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
      ...providers,
    ],
    callbacks: {
      signIn: async (back) => {
        const entry = { ...back, connection: connectionOf(back.account?.provider) };
        const incoming = await headers();
        const request = factsFromHeaders((name) => incoming.get(name));
        const secret = await findLinkCookie();
        const place = await whereLinkLeads(entry, secret !== undefined, (identity) =>
          link(secret, identity, request),
        );
        return place ?? mayEnter(entry, request, beginWhatIsLeft);
      },
      jwt: async ({ user, account }) =>
        openedSession(
          user,
          account,
          redeem,
          await findDeviceSecret(),
          connectionOf(account?.provider),
        ),
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
