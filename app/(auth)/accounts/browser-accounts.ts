import "server-only";
import { cookies } from "next/headers";
import { findCaller } from "@/app/_http/caller";
import { FLASH_COOKIE } from "@/app/_http/flash";
import { clearFlowCookie } from "@/lib/authn/flow-cookie";
import {
  clearOwnSession,
  clearSessionCookie,
  findKept,
  findSessionSecret,
  setKept,
} from "@/lib/authn/kept-cookie";
import { clearLinkCookie } from "@/lib/authn/link-cookie";
import { type KeptSession, withKept } from "@/lib/sessions/kept-sessions";
import { type KeptAccount, listKeptAccounts } from "@/lib/sessions/resume-session";
import { endBrowserSessions } from "@/lib/sessions/revoke-sessions";
import type { RequestFacts } from "@/lib/shared/caller";

/** The accounts that this browser is signed in to, or was, besides the one in use. */
export async function listOtherAccounts(): Promise<KeptAccount[]> {
  const [caller, accounts] = [await findCaller(), await listKeptAccounts(await findKept())];
  return accounts.filter(({ live, email }) =>
    live === null ? email !== caller?.principal.email : live.userId !== caller?.principal.userId,
  );
}

/**
 * Puts the account in use among those that are kept, in the place of `without`.
 * Its cookie is left to whoever calls. What had begun for it goes no further.
 */
export async function setPresentAside(
  kept: readonly KeptSession[],
  request: RequestFacts,
  without?: KeptSession,
): Promise<void> {
  const [caller, secret] = [await findCaller(), await findSessionSecret()];
  const rest = kept.filter((other) => other !== without);
  if (caller === null || secret === undefined) {
    await setKept(rest);
  } else {
    const next = withKept(rest, { secret, email: caller.principal.email });
    // A session that nobody has the cookie of any more must not stay open.
    await endBrowserSessions(
      next.left.map((session) => session.secret),
      "limit_reached",
      request,
    );
    await setKept(next.kept);
  }
  await forgetWhatBegan();
}

/** A sign-in, a connection and a message that were under way for the account in use. */
async function forgetWhatBegan(): Promise<void> {
  await clearFlowCookie();
  await clearLinkCookie();
  (await cookies()).delete(FLASH_COOKIE);
}

/** Leaves the browser with no account at all. */
export async function forgetAllAccounts(): Promise<void> {
  await clearSessionCookie();
  await clearOwnSession();
  await setKept([]);
  await forgetWhatBegan();
}
