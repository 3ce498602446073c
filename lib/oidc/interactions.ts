import "server-only";
import { errors, type Grant, type Interaction, type Provider } from "oidc-provider";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { SELECT_ACCOUNT } from "@/lib/oidc/account-prompt";
import { answerInteraction } from "@/lib/oidc/artifact-store";
import { answerAccountChoice } from "@/lib/oidc/choose-account";
import { isDocumentClient } from "@/lib/oidc/document-clients";
import { saveGrantOfSession } from "@/lib/oidc/grant-store";
import { judgeLogin, type LoginDemands } from "@/lib/oidc/judge-login";
import { textOf, valuesOf } from "@/lib/oidc/parameters";
import { getProvider } from "@/lib/oidc/provider";
import { scopesBehind } from "@/lib/oidc/scopes";
import { storableGrant } from "@/lib/oidc/storable-grant";
import { newSecret } from "@/lib/platform/crypto";
import { inTransaction } from "@/lib/platform/db/transaction";
import { holdSession } from "@/lib/sessions/hold-session";
import type { Acr } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import { canonicalEmail } from "@/lib/shared/email.schema";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";
import { lockUser } from "@/lib/users/user-identity";

/** What the consent prompt of the engine says is missing. */
interface ConsentDetails {
  missingOIDCScope?: string[];
  missingOIDCClaims?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

/** The host of a site; or what a program on the user's own device listens at: a port, or a scheme. */
export interface Destination {
  where: "site" | "device";
  name: string;
}

export type InteractionStep =
  /** Nobody is signed in. The address is what the client hints at, whether or not anybody has it. */
  | { step: "sign-in"; email: string | null }
  | { step: "step-up"; acr: Acr | undefined }
  /** Which of the browser's accounts it is to be, before all else. */
  | { step: "choose-account" }
  | {
      step: "consent";
      /** The host of its document for a client that nobody has registered: all else it says itself. */
      clientName: string;
      /** What such a client calls itself. */
      claimedName: string | null;
      scopes: string[];
      destination: Destination;
    }
  /** Answered: the browser goes on to the engine, by GET and as a navigation. */
  | { step: "go-on"; href: string; clientName: string }
  /** The interaction was begun by somebody who is not the caller now. */
  | { step: "somebody-else" }
  | { step: "unknown" };

const requested = (interaction: Interaction): string[] => {
  const details = interaction.prompt.details as ConsentDetails;
  const asked = valuesOf(interaction.params["scope"]);
  const missing = [
    ...(details.missingOIDCScope ?? []),
    ...scopesBehind(details.missingOIDCClaims),
    ...Object.values(details.missingResourceScopes ?? {}).flat(),
  ];
  // Asked again without anything new, a person sees all that they allow.
  return missing.length > 0 ? [...new Set(missing)] : asked;
};

function demandsOf({ prompt, params, iat }: Interaction): LoginDemands {
  const wanted = prompt.details["acr"] as { value?: string; values?: string[] } | undefined;
  const essential = wanted?.values ?? (wanted?.value === undefined ? [] : [wanted.value]);
  const wished = valuesOf(params["acr_values"]);
  return {
    reasons: prompt.reasons,
    askedAt: new Date(iat * 1000),
    maxAge: params["max_age"] as number | string | undefined,
    acrs: essential.length > 0 ? essential : wished,
    acrEssential: essential.length > 0,
  };
}

/**
 * What an interaction asks of the caller now. A question that their session
 * answers by itself is answered here, once; the first answer counts. `chosen`
 * says that they have come from choosing an account.
 */
export async function findInteractionStep(
  uid: string,
  caller: Caller | null,
  { chosen = false } = {},
): Promise<InteractionStep> {
  const provider = await getProvider();
  const interaction = await provider.Interaction.find(uid);
  if (!interaction) return { step: "unknown" };
  const clientId = String(interaction.params["client_id"]);
  const client = await findClient(provider, clientId);
  if (client === undefined) return { step: "unknown" };
  const claimed = client.clientName ?? null;
  const byDocument = isDocumentClient(clientId);
  const clientName = byDocument ? new URL(clientId).host : (claimed ?? "the app");
  const goOn = { step: "go-on", href: pathOf(interaction), clientName } as const;
  if (interaction.result !== undefined) return goOn;
  const choosing = interaction.prompt.name === SELECT_ACCOUNT;
  if (choosing && !chosen) return { step: "choose-account" };
  if (caller === null) {
    // Anything else that a client may send as a hint is no address of ours (OIDC Core §3.1.2.1).
    return { step: "sign-in", email: canonicalEmail(textOf(interaction.params["login_hint"])) };
  }
  if (choosing) {
    await answerAccountChoice(uid);
    return goOn;
  }
  const { userId, session } = caller.principal;
  if (interaction.session !== undefined && interaction.session.uid !== session.id) {
    return { step: "somebody-else" };
  }
  if (interaction.prompt.name === "login") {
    const judgement = judgeLogin(session, demandsOf(interaction), new Date());
    if (judgement.verdict === "step-up") {
      return { step: "step-up", acr: judgement.acr };
    }
    const login = {
      accountId: userId,
      ts: Math.floor(session.authTime.getTime() / 1000),
      acr: session.acr,
      amr: session.amr,
    };
    const result =
      judgement.verdict === "enough"
        ? { ...interaction.lastSubmission, login }
        : { error: judgement.error };
    await answerInteraction(uid, "login", result);
    return goOn;
  }
  return {
    step: "consent",
    clientName,
    claimedName: byDocument ? claimed : null,
    scopes: requested(interaction),
    destination: destinationOf(textOf(interaction.params["redirect_uri"])),
  };
}

/** Where an app's user is led afterwards. Programs on a device share its names, so that those prove nothing. */
function destinationOf(redirectUri: string): Destination {
  const { protocol = "", host = "", hostname = "" } = URL.parse(redirectUri) ?? {};
  if (protocol === "https:" && !LOOPBACK_HOSTS.has(hostname)) return { where: "site", name: host };
  return { where: "device", name: host === "" ? protocol.slice(0, -1) : host };
}

/** A client that was known when it asked, and has gone or changed for the worse since, is unknown. */
async function findClient(provider: Provider, id: string) {
  try {
    return await provider.Client.find(id);
  } catch (error) {
    if (error instanceof errors.OIDCProviderError) return undefined;
    throw error;
  }
}

const pathOf = ({ returnTo }: Interaction): string => new URL(returnTo).pathname;

export type ConsentResult = { outcome: "answered" } | { outcome: "rejected"; reason: "gone" };

/**
 * The caller's answer to what a client asks for. What is allowed is remembered
 * as a grant of this session; a refusal is told to the client (F67). A session that
 * has ended meanwhile answers nothing and grants nothing (INV-2).
 */
export async function answerConsent(
  caller: Caller,
  uid: string,
  allow: boolean,
): Promise<ConsentResult> {
  const gone = { outcome: "rejected", reason: "gone" } as const;
  const { userId, session } = caller.principal;
  const provider = await getProvider();
  const interaction = await provider.Interaction.find(uid);
  if (interaction?.prompt.name !== "consent" || interaction.session?.uid !== session.id)
    return gone;
  const clientId = String(interaction.params["client_id"]);
  const grant = await grantOfWhatIsAsked(interaction, userId, clientId);
  const result = allow
    ? { ...interaction.lastSubmission, consent: { grantId: grant.jti } }
    : { error: "access_denied", error_description: "the user does not allow it" };
  const granted = allow ? await storableGrant(grant) : null;
  const counts = await inTransaction(async (tx) => {
    // Whoever takes back all that the user has granted is waited for, or waits.
    await lockUser(userId, tx);
    if (!(await holdSession(caller, tx))) return false;
    if (!(await answerInteraction(uid, "consent", result, { db: tx }))) return false;
    // Only the answer that counts grants anything.
    if (granted !== null && !(await saveGrantOfSession(session.id, granted, tx))) {
      throw new GrantRefused();
    }
    await recordEvent(
      {
        action: allow ? "client.authorized" : "client.denied",
        outcome: allow ? "success" : "denied",
        actor: actorOfPrincipal(caller.principal),
        target: { type: "client", id: clientId },
        after: { scopes: requested(interaction) },
      },
      caller.request,
      tx,
    );
    return true;
  }).catch((error: unknown) => {
    if (error instanceof GrantRefused) return false;
    throw error;
  });
  return counts ? { outcome: "answered" } : gone;
}

/** Thrown to take the answer back with the grant that it should have given. */
class GrantRefused extends Error {}

async function grantOfWhatIsAsked(
  interaction: Interaction,
  accountId: string,
  clientId: string,
): Promise<Grant> {
  const { Grant } = await getProvider();
  const known = interaction.grantId ? await Grant.find(interaction.grantId) : undefined;
  const grant = known ?? new Grant({ accountId, clientId });
  if (known === undefined) grant.jti = newSecret();
  const details = interaction.prompt.details as ConsentDetails;
  if (details.missingOIDCScope) grant.addOIDCScope(details.missingOIDCScope.join(" "));
  if (details.missingOIDCClaims) grant.addOIDCClaims(details.missingOIDCClaims);
  for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(" "));
  }
  return grant;
}
