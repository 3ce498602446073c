import "server-only";
import { forbidden, redirect } from "next/navigation";
import { cache } from "react";
import { findCaller } from "@/app/_http/caller";
import { isDenial, watchDenial } from "@/app/_http/refusal";
import { authorize } from "@/lib/authz/authorize";
import { requireOwnSelf } from "@/lib/authz/refuse-at-gate";
import { requireAllowedNetwork } from "@/lib/organizations/allowed-network";
import {
  AssuranceInsufficient,
  type AssuranceRequirement,
  type Hold,
  holdOf,
  isFreedBy,
  requireAssurance,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { holdPath, signInPath, stepUpPath } from "@/lib/shared/return-to";

export interface PageTerms {
  /** What the session must prove besides being there (F22). */
  assurance?: AssuranceRequirement;
  /** What the page frees somebody from, and so cannot hold them for. */
  during?: Hold | readonly Hold[];
  /** Also for whoever acts as somebody else (F101). */
  impersonated?: boolean;
}

/** Where the page that is being rendered comes back to; outside of one, nowhere. */
const renderedPage = cache((): { path: string | null } => ({ path: null }));

/**
 * The caller of a page. Without one the answer is the sign-in page, and with
 * one who has to prove more, the page that asks for it; both come back to `path`.
 * Whoever is in a network that their organization is not used from gets 403 (F86), and so does
 * whoever acts as somebody else, unless the page is open to them (F101).
 */
export async function requireCaller(
  path: string,
  { assurance = {}, during, impersonated = false }: PageTerms = {},
): Promise<Caller> {
  renderedPage().path = path;
  const caller = (await watchDenial(findCaller)) ?? redirect(signInPath(path));
  await answerDenials(() => requireAllowedNetwork(caller));
  await answerDenials(() => requireOwnSelf(caller, impersonated));
  const hold = holdOf(caller.principal);
  if (hold !== null && !isFreedBy(hold, during)) redirect(holdPath(hold, path));
  if (Object.keys(assurance).length > 0) {
    await answerDenials(async () => requireAssurance(caller.principal, assurance));
  }
  return caller;
}

/**
 * The caller of a page that needs a permission. Without it the answer is 403
 * with the decision's id. Call it before anything is rendered or streamed, so
 * that the status is still ours to set.
 */
export async function requirePermission(
  path: string,
  permission: Permission,
  terms: PageTerms = {},
): Promise<Caller> {
  const caller = await requireCaller(path, terms);
  await answerDenials(() => authorize(caller, permission));
  return caller;
}

/**
 * Runs a use case and turns its refusal into the 403 page, and what it asks to be proven, on a
 * page, into the page that asks for it: the proof that opened a page may be too old a moment later.
 */
export async function answerDenials<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await watchDenial(work);
  } catch (error) {
    if (isDenial(error)) forbidden();
    const { path } = renderedPage();
    if (error instanceof AssuranceInsufficient && path !== null) {
      redirect(stepUpPath(path, error.requirement.acr));
    }
    throw error;
  }
}
