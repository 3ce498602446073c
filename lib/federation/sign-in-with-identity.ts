import "server-only";
import { recordEvent } from "@/lib/audit/record-event";
import { recordAnonymousRefusal } from "@/lib/audit/record-refusal";
import { joinByDomain } from "@/lib/domains/join-by-domain";
import {
  type Asked,
  type ConnectionTerms,
  findTerms,
  holdProvider,
} from "@/lib/federation/connections";
import {
  findIdentityProof,
  type IdentityKey,
  insertIdentity,
} from "@/lib/federation/identity-store";
import { judgeAddress } from "@/lib/federation/judge-address";
import { REFUSED_CALLBACKS } from "@/lib/federation/record-refused-callback";
import { isInvited } from "@/lib/invitations/accept-invitation";
import { getConfig } from "@/lib/platform/config";
import { inTransaction } from "@/lib/platform/db/transaction";
import { newId } from "@/lib/platform/id";
import type { RequestFacts } from "@/lib/shared/caller";
import { canonicalEmail, PersonName } from "@/lib/shared/email.schema";
import { createUser } from "@/lib/users/create-user";
import { findUserIdentity } from "@/lib/users/user-identity";

/** What an upstream identity provider says of somebody. */
export interface UpstreamIdentity extends Asked {
  providerAccountId: string;
  /** Auth.js's word for the protocol: "oidc" or "oauth". */
  type: string;
  email: string | null;
  /** Null where the provider says nothing of it. */
  emailVerified: boolean | null;
  name: string | null;
  /** The organization's domain that the account belongs to, where a provider says so (Google's `hd`). */
  hostedDomain?: string | null;
}

export const IDENTITY_REJECTIONS = [
  "account-exists",
  "domain-not-allowed",
  "email-unverified",
  "provider-off",
  "sign-up-closed",
  "user-disabled",
] as const;

export type IdentityRejection = (typeof IDENTITY_REJECTIONS)[number];

/** Whom an identity signs in as, and the epoch of their sign-ins at that moment. */
export interface IdentityProof {
  userId: string;
  epoch: number;
}

/** Whom this identity signs in as now; null for nobody, also for one that was taken away since. */
export const proofOfIdentity = (identity: IdentityKey): Promise<IdentityProof | null> =>
  findIdentityProof(identity);

export type IdentitySignIn =
  | ({ outcome: "accepted" } & IdentityProof)
  | { outcome: "rejected"; reason: IdentityRejection };

class IdentityRaced extends Error {}

/**
 * Decides whether an upstream identity may sign in, and creates its user the
 * first time. It never links by address: whoever controls an address upstream
 * must not thereby get an account here (ATK-15). Their owner links the identity
 * from within a session instead.
 */
export async function signInWithIdentity(
  identity: UpstreamIdentity,
  request: RequestFacts,
): Promise<IdentitySignIn> {
  const terms = await findTerms(identity);
  if (terms === null) return reject("provider-off", identity, request);
  if (!isHosted(identity, terms)) return reject("domain-not-allowed", identity, request);
  const owner = await findIdentityProof(identity);
  if (owner !== null) {
    const user = await findUserIdentity(owner.userId);
    return user?.status === "active"
      ? { outcome: "accepted", ...owner }
      : reject("user-disabled", identity, request);
  }
  const email = identity.email === null ? null : canonicalEmail(identity.email);
  if (email === null) return reject("email-unverified", identity, request);
  const verdict = await judgeAddress(email, identity.emailVerified, terms);
  if (verdict !== "counts") return reject(verdict, identity, request);
  const { signUp } = getConfig();
  if (signUp !== "open" && !(signUp === "invite" && (await isInvited(email)))) {
    return reject("sign-up-closed", identity, request);
  }
  const created = await createFederatedUser(identity, email, terms, request);
  return "reason" in created
    ? reject(created.reason, identity, request)
    : { outcome: "accepted", ...created };
}

/** An address of a company can belong to somebody's own account elsewhere; the account itself cannot. */
const isHosted = ({ hostedDomain }: UpstreamIdentity, { domains, hostedOnly }: ConnectionTerms) =>
  !hostedOnly || domains.includes(hostedDomain?.toLowerCase() ?? "");

async function createFederatedUser(
  identity: UpstreamIdentity,
  email: string,
  { organizationId }: ConnectionTerms,
  request: RequestFacts,
): Promise<IdentityProof | { reason: IdentityRejection }> {
  const userId = newId();
  const actor = { type: "user", id: userId } as const;
  const name = PersonName.safeParse(identity.name);
  try {
    return await inTransaction(async (tx) => {
      if (!(await holdProvider(identity, tx))) return { reason: "provider-off" };
      const created = await createUser(
        {
          id: userId,
          email,
          name: name.success ? name.data : null,
          status: "active",
          emailVerified: new Date(),
          roles: "default",
        },
        actor,
        request,
        tx,
      );
      if (!created) return { reason: "account-exists" };
      // Thrown, so that a lost race leaves no user without a way to sign in (INV-3).
      if (!(await insertIdentity(userId, identity.type, identity, tx))) throw new IdentityRaced();
      await recordEvent(
        {
          action: "identity.linked",
          outcome: "success",
          actor,
          target: { type: "user", id: userId },
          after: { provider: identity.provider },
        },
        request,
        tx,
      );
      // A connection's word is good where it was set up: its organization may say anything of others.
      const within = organizationId ?? undefined;
      await joinByDomain({ userId, email, within }, request, tx);
      // Of somebody who has just been created nothing can have been voided.
      return { userId, epoch: 0 };
    });
  } catch (error) {
    if (!(error instanceof IdentityRaced)) throw error;
    return (await findIdentityProof(identity)) ?? { reason: "account-exists" };
  }
}

async function reject(
  reason: IdentityRejection,
  { provider }: UpstreamIdentity,
  request: RequestFacts,
): Promise<IdentitySignIn> {
  await recordAnonymousRefusal(
    REFUSED_CALLBACKS,
    { action: "session.rejected", reason: `${provider}: ${reason}` },
    request,
  );
  return { outcome: "rejected", reason };
}
