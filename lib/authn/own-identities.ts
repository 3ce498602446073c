import "server-only";
import { actorOfPrincipal, recordStandaloneEvent } from "@/lib/audit/record-event";
import { changeFactor } from "@/lib/authn/change-factor";
import { identityLinkedMail } from "@/lib/authn/mails";
import {
  attachIdentity,
  detachIdentity,
  openLink,
  redeemLink,
} from "@/lib/federation/link-identity";
import { listOwnIdentities } from "@/lib/federation/list-identities";
import { findProvider } from "@/lib/federation/providers";
import type { UpstreamIdentity } from "@/lib/federation/sign-in-with-identity";
import type { Db } from "@/lib/platform/db/client";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import { AssuranceInsufficient, requireAssurance, SENSITIVE } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { canonicalEmail } from "@/lib/shared/email.schema";

/**
 * Begins to connect an identity, from a session that has just proven who it is
 * of. Answers with the secret that the browser brings back from the provider, or
 * null for a provider that is not set up (ATK-16).
 */
export async function startIdentityLink(
  { principal }: Caller,
  provider: string,
): Promise<string | null> {
  requireAssurance(principal, SENSITIVE);
  if ((await findProvider(provider)) === null) return null;
  return openLink({ userId: principal.userId, sessionId: principal.session.id, provider });
}

export const LINK_OUTCOMES = ["linked", "own", "taken", "expired"] as const;
export type LinkOutcome = (typeof LINK_OUTCOMES)[number];

/**
 * Connects what came back from a provider, when exactly this session asked for
 * it in this browser, and lately. Never by address, and never an identity that
 * signs in as somebody else (F10, ATK-15). Both mailboxes are told.
 */
export async function finishIdentityLink(
  caller: Caller | null,
  secret: unknown,
  identity: UpstreamIdentity,
): Promise<LinkOutcome> {
  const label = (await findProvider(identity.provider))?.name;
  if (caller === null || label === undefined) return "expired";
  const { userId, session } = caller.principal;
  let outcome = "expired" as LinkOutcome;
  try {
    await changeFactor(caller, { factor: "federation", change: "added", label }, async (tx) => {
      const key = { userId, sessionId: session.id, provider: identity.provider };
      if (!(await redeemLink(secret, key, tx))) return null;
      const attached = await attachIdentity(userId, identity, tx);
      outcome = attached === "off" ? "expired" : attached;
      if (outcome !== "linked") return null;
      await tellIdentity(caller, label, identity, tx);
      return true;
    });
  } catch (error) {
    // The way there and back took longer than a proof counts.
    if (!(error instanceof AssuranceInsufficient)) throw error;
  }
  if (outcome === "taken" || outcome === "expired") await recordRefusal(caller, label, outcome);
  return outcome;
}

/** Whoever reads the identity's own mail learns of it too, where that is another mailbox. */
async function tellIdentity(
  { principal }: Caller,
  label: string,
  { email, emailVerified }: UpstreamIdentity,
  tx: Db,
): Promise<void> {
  const address = email === null || !emailVerified ? null : canonicalEmail(email);
  if (address === null || address === principal.email) return;
  await enqueueMail("identity-linked", address, identityLinkedMail(label), tx);
}

const recordRefusal = ({ principal, request }: Caller, label: string, reason: string) =>
  recordStandaloneEvent(
    {
      action: "factor.added",
      outcome: "failure",
      actor: actorOfPrincipal(principal),
      target: { type: "user", id: principal.userId },
      after: { factor: "federation", label },
      reason: `identity-${reason}`,
    },
    request,
  );

/** Disconnects one of the caller's identities, but not their last way in; null for one that is not theirs. */
export async function unlinkIdentity(caller: Caller, id: string) {
  requireAssurance(caller.principal, SENSITIVE);
  const identity = (await listOwnIdentities(caller)).find((own) => own.id === id);
  if (identity === undefined) return null;
  const label = (await findProvider(identity.provider))?.name ?? identity.provider;
  return changeFactor(caller, { factor: "federation", change: "removed", label }, async (tx) =>
    (await detachIdentity(caller.principal.userId, id, tx)) ? true : null,
  );
}
