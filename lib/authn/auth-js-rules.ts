import "server-only";
import { decodeJwt } from "jose";
import type { Account, Profile, User } from "next-auth";
import type { JWT } from "next-auth/jwt";
import type { LinkOutcome } from "@/lib/authn/own-identities";
import { ticketOfIdentity } from "@/lib/authn/sign-in-after-identity";
import type { RedeemedTicket } from "@/lib/authn/sign-in-ticket";
import type { Asked } from "@/lib/federation/connections";
import {
  type IdentityProof,
  proofOfIdentity,
  signInWithIdentity,
  type UpstreamIdentity,
} from "@/lib/federation/sign-in-with-identity";
import type { UpstreamToken } from "@/lib/federation/upstream-sign-out";
import { verifiedClaimOf } from "@/lib/federation/verified-claim";
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

/** Somebody who comes back from a provider, or with a ticket. */
interface Entry {
  account?: MaybeAccount;
  profile?: Profile | undefined;
  user: User;
  /** The connection that was asked, as it was then; null or absent for a provider of the environment. */
  connection?: Asked["connection"];
}

const identityOf = (
  account: Account,
  { profile, user, connection = null }: Entry,
): UpstreamIdentity => ({
  provider: account.provider,
  connection,
  providerAccountId: account.providerAccountId,
  type: account.type,
  email: typeof profile?.email === "string" ? profile.email : null,
  emailVerified: verifiedClaimOf(profile?.["email_verified"]),
  name: user.name ?? null,
  hostedDomain: typeof profile?.["hd"] === "string" ? profile["hd"] : null,
});

/** The id token of an OpenID provider; Auth.js has verified it by now. Null for other protocols. */
function upstreamTokenOf(
  { provider, id_token }: Account,
  connection: Asked["connection"] = null,
): UpstreamToken | null {
  if (typeof id_token !== "string") return null;
  const { sub, sid } = decodeJwt(id_token);
  if (sub === undefined) return null;
  return {
    provider,
    connection,
    subject: sub,
    sid: typeof sid === "string" ? sid : null,
    idToken: id_token,
  };
}

/**
 * Where the browser goes that came back to connect an identity; null for one
 * that did not. It signs nobody in, whatever becomes of the connection.
 */
export async function whereLinkLeads(
  entry: Entry,
  isLinking: boolean,
  link: (identity: UpstreamIdentity) => Promise<LinkOutcome>,
): Promise<string | null> {
  const { account } = entry;
  if (!isLinking || !account || account.provider === "credentials") return null;
  return `/account/security?connected=${await link(identityOf(account, entry))}`;
}

/**
 * True for whom our own rules let in; otherwise where the browser is sent, or
 * false. `beginWhatIsLeft` begins what a provider's word leaves to be proven.
 */
export async function mayEnter(
  entry: Entry,
  request: RequestFacts,
  beginWhatIsLeft: (proof: IdentityProof, token: UpstreamToken | null) => Promise<boolean>,
): Promise<boolean | string> {
  const { account } = entry;
  // A ticket was redeemed for it: whoever has one has passed every rule.
  if (account?.provider === "credentials") return true;
  if (!account) return false;
  const result = await signInWithIdentity(identityOf(account, entry), request);
  if (result.outcome === "rejected") return `/sign-in?error=${result.reason}`;
  const token = upstreamTokenOf(account, entry.connection);
  return (await beginWhatIsLeft(result, token)) ? "/challenge" : true;
}

/** The session that a finished sign-in opens, as Auth.js carries it to the cookie; null for none. */
export async function openedSession(
  user: User | undefined,
  account: MaybeAccount,
  redeem: Redeem,
  deviceSecret: string | undefined,
  connection: Asked["connection"] = null,
): Promise<JWT | null> {
  if (account?.provider === "credentials") {
    return { sessionSecret: (user as { sessionSecret?: string } | undefined)?.sessionSecret };
  }
  // Called without an account to renew a cookie; ours is renewed by nobody.
  if (!account || !user?.id) return null;
  // Looked up again, with what voids it: what was taken away since the answer came opens nothing.
  const proof = await proofOfIdentity(account);
  if (proof?.userId !== user.id) return null;
  const ticket = await ticketOfIdentity(proof, deviceSecret, upstreamTokenOf(account, connection));
  const redeemed = ticket === null ? null : await redeem(ticket);
  return redeemed && { sessionSecret: redeemed.sessionSecret };
}
