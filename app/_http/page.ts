import "server-only";
import { forbidden, redirect } from "next/navigation";
import { findCaller } from "@/app/_http/caller";
import { AccessDenied, authorize } from "@/lib/authz/authorize";
import type { Caller } from "@/lib/shared/caller";
import type { Permission } from "@/lib/shared/permission";
import { signInPath } from "@/lib/shared/return-to";

/** The caller of a page, or a redirect to the sign-in page that comes back to `path`. */
export async function requireCaller(path: string): Promise<Caller> {
  return (await findCaller()) ?? redirect(signInPath(path));
}

/**
 * The caller of a page that needs a permission. Without it the answer is 403
 * with the decision's id. Call it before anything is rendered or streamed, so
 * that the status is still ours to set.
 */
export async function requirePermission(path: string, permission: Permission): Promise<Caller> {
  const caller = await requireCaller(path);
  await answerDenials(() => authorize(caller, permission));
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
