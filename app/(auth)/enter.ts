import "server-only";
import { AuthError } from "next-auth";
import { ensureDevice } from "@/app/(auth)/browser-cookies";
import { signIn as openSession } from "@/lib/authn/auth-js";
import { clearFlowCookie } from "@/lib/authn/flow-cookie";
import { clearOwnSession } from "@/lib/authn/kept-cookie";

/**
 * Opens a session with the ticket of a finished sign-in, or raises the present
 * one with that of a step-up. False when its user may not come in any more.
 */
export async function enter(ticket: string): Promise<boolean> {
  await ensureDevice();
  try {
    await openSession("credentials", { ticket, redirect: false });
  } catch (refusal) {
    // The user was disabled, or left every organization, or the session to raise has ended.
    if (refusal instanceof AuthError) return false;
    throw refusal;
  }
  await clearFlowCookie();
  await clearOwnSession();
  return true;
}
