import "server-only";
import { forbidden, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import {
  AssuranceInsufficient,
  type AssuranceRequirement,
  type Hold,
  holdOf,
  requireAssurance,
} from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { holdPath, signInPath, stepUpPath } from "@/lib/shared/return-to";

export interface PageTerms {
  /** What the session must prove besides being there (F22). */
  assurance?: AssuranceRequirement;
  /** What the page frees somebody from, and so cannot hold them for. */
  during?: Hold;
}

/**
 * The caller of a page. Without one the answer is the sign-in page, and with
 * one who has to prove more, the page that asks for it; both come back to `path`.
 */
export async function requireCaller(
  path: string,
  { assurance = {}, during }: PageTerms = {},
): Promise<Caller> {
  const caller = (await findCaller()) ?? redirect(signInPath(path));
  const hold = holdOf(caller.principal);
  if (hold !== null && hold !== during) redirect(holdPath(hold, path));
  if (Object.keys(assurance).length > 0) {
    await answerAssurance(() => requireAssurance(caller.principal, assurance), path);
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
  await answerAssurance(() => answerDenials(() => authorize(caller, permission)), path);
  return caller;
}

/** Runs a use case and turns its refusal into the 403 page. */
export async function answerDenials<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccessDenied) forbidden();
    throw error;
  }
}

/** Sends whoever has to prove more to the page that asks for it. */
async function answerAssurance<T>(work: () => T | Promise<T>, path: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AssuranceInsufficient) {
      redirect(stepUpPath(path, error.requirement.acr));
    }
    throw error;
  }
}
