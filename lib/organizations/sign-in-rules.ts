import "server-only";
import { asCaller } from "@/lib/authz/authority";
import { authorize } from "@/lib/authz/authorize";
import { inHeldChange } from "@/lib/authz/held-change";
import type { Probe } from "@/lib/authz/impact/probe";
import { findFactorsOf } from "@/lib/organizations/asked-store";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { SignInRules } from "@/lib/organizations/sign-in-rules.schema";
import {
  cameThroughOwnConnection,
  findRules,
  type VersionedRules,
} from "@/lib/organizations/sign-in-rules-store";
import { writeSignInRules } from "@/lib/organizations/write-organization";
import type { Db } from "@/lib/platform/db/client";
import { isWithinRanges } from "@/lib/shared/address-range";
import type { Caller } from "@/lib/shared/caller";

/** What an organization asks of a sign-in, for the flow itself. */
export const findSignInRules = async (organizationId: string, db?: Db): Promise<SignInRules> =>
  (await findRules(organizationId, db)).rules;

/** The same for whoever may change it. */
export async function readSignInRules(caller: Caller): Promise<VersionedRules> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  return findRules(caller.principal.organizationId);
}

export type RulesChange =
  | { outcome: "changed" }
  /** Somebody else saved meanwhile. */
  | { outcome: "rejected"; reason: "stale" }
  /**
   * Whoever asks for single sign-on has come by it: then there is a connection that works, and they
   * are not locked out (ATK-44).
   */
  | { outcome: "rejected"; reason: "own-sign-in-elsewhere" }
  /**
   * The author would be asked for a second factor that they do not have, or is where the
   * organization would not be used from: confirmed first (ATK-44).
   */
  | { outcome: "rejected"; reason: "locks-author-out"; by: Lockout };

export type Lockout = "second-factor" | "network";

export interface RulesTerms {
  expectedVersion: number;
  /** The author goes and sets up a second factor. */
  confirmed: boolean;
  /** The author goes to another network. */
  networkConfirmed?: boolean;
  /** Only looks at the change, and takes it back. */
  probe?: Probe | undefined;
}

/** Changes the rules of the caller's organization; they bite on everybody's next request (F20). */
export async function changeSignInRules(
  caller: Caller,
  rules: SignInRules,
  { expectedVersion, confirmed, networkConfirmed = false, probe }: RulesTerms,
): Promise<RulesChange> {
  await authorize(caller, ORGANIZATION_PERMISSIONS.manageSignIn);
  const { organizationId } = caller.principal;
  const accepted = { "second-factor": confirmed, network: networkConfirmed };
  for (const by of await lockoutsOf(caller, rules)) {
    if (!accepted[by]) return { outcome: "rejected", reason: "locks-author-out", by };
  }
  const change = async (tx: Db): Promise<RulesChange> => {
    const before = await findRules(organizationId, tx);
    if (rules.ssoRequired && !before.rules.ssoRequired) {
      const { session } = caller.principal;
      if (!(await cameThroughOwnConnection(session.id, organizationId, tx))) {
        return { outcome: "rejected", reason: "own-sign-in-elsewhere" };
      }
    }
    const authority = asCaller(caller);
    const written = await writeSignInRules(
      authority,
      organizationId,
      before,
      rules,
      expectedVersion,
      tx,
    );
    if (!written) return { outcome: "rejected", reason: "stale" };
    return { outcome: "changed" };
  };
  return inHeldChange(caller, ORGANIZATION_PERMISSIONS.manageSignIn, change, probe);
}

/** What would keep the author out under these rules, in the order in which it is said. */
export async function lockoutsOf(
  { principal, request }: Caller,
  rules: SignInRules,
): Promise<Lockout[]> {
  // A telephone that no longer counts is no second factor any more.
  const { byRole, strong, phone } = await findFactorsOf(principal.organizationId, principal.userId);
  const isAsked = rules.mfaRequired || rules.adminMfaRequired || byRole;
  const hasOne = strong || (phone && rules.smsAllowed);
  return [
    ...(isAsked && !hasOne ? ["second-factor" as const] : []),
    ...(isWithinRanges(request.ip, rules.networks) ? [] : ["network" as const]),
  ];
}
