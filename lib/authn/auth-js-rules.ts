import "server-only";
import type { Account, Profile, User } from "next-auth";
import type { JWT } from "next-auth/jwt";
import { ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import type { RedeemedTicket } from "@/lib/authn/sign-in-ticket";
import { signInWithIdentity } from "@/lib/federation/sign-in-with-identity";
import { isSecret } from "@/lib/platform/crypto";
import type { RequestFacts } from "@/lib/shared/caller";

// What Auth.js is told to do, apart from Auth.js and from the request, so that
// each answer can be asked for by a test.

type MaybeAccount = Account | null | undefined;
export type Redeem = (ticket: string) => Promise<RedeemedTicket | null>;

/** The session cookie's value is our opaque secret and nothing else; without one there is no cookie (D3). */
export function cookieOf(token: JWT | undefined): string {
  const secret = token?.["sessionSecret"];
  if (!isSecret(secret)) throw new Error("no session was opened");
  return secret;
}

export const tokenOf = (cookie: string | undefined): JWT | null =>
  isSecret(cookie) ? { sessionSecret: cookie } : null;

/**
 * True for whom our own rules let in; otherwise where the browser is sent, or
 * false. `beginWhatIsLeft` begins what a provider's word leaves to be proven.
 */
export async function mayEnter(
  { account, profile, user }: { account?: MaybeAccount; profile?: Profile | undefined; user: User },
  request: RequestFacts,
  beginWhatIsLeft: (userId: string) => Promise<boolean>,
): Promise<boolean | string> {
  // A ticket was redeemed for it: whoever has one has passed every rule.
  if (account?.provider === "credentials") return true;
  if (!account) return false;
  const result = await signInWithIdentity(
    {
      provider: account.provider,
      providerAccountId: account.providerAccountId,
      type: account.type,
      email: typeof profile?.email === "string" ? profile.email : null,
      emailVerified: profile?.["email_verified"] === true,
      name: user.name ?? null,
    },
    request,
  );
  if (result.outcome === "rejected") return `/sign-in?error=${result.reason}`;
  return (await beginWhatIsLeft(result.userId)) ? "/challenge" : true;
}

/** The session that a finished sign-in opens, as Auth.js carries it to the cookie; null for none. */
export async function openedSession(
  user: User | undefined,
  account: MaybeAccount,
  redeem: Redeem,
  deviceSecret: string | undefined,
): Promise<JWT | null> {
  if (account?.provider === "credentials") {
    return { sessionSecret: (user as { sessionSecret?: string } | undefined)?.sessionSecret };
  }
  // Called without an account to renew a cookie; ours is renewed by nobody.
  if (!account || !user?.id) return null;
  const ticket = await ticketOfIdentity(user.id, deviceSecret);
  const redeemed = ticket === null ? null : await redeem(ticket);
  return redeemed && { sessionSecret: redeemed.sessionSecret };
}
