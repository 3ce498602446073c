"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { setSignOutSecret } from "@/app/(auth)/browser-cookies";
import { signOut as closeSession } from "@/lib/authn/auth-js";
import { signOut } from "@/lib/authn/sign-out";
import { findEndSessionRequest } from "@/lib/oidc/end-session";
import type { FormState } from "@/lib/shared/form-state";

const Confirmation = z.object({ uid: z.string().min(1).max(100) });

/**
 * Ends the session that an app asked to end, and no other. Leads back to the
 * page, which goes on to the app: a form may not end at another site (F124).
 */
export async function confirmEndSessionAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, Confirmation, async (caller, { uid }) => {
    const request = await findEndSessionRequest(uid);
    if (request?.sessionId !== caller.principal.session.id) {
      return {
        status: "error",
        message: "This request is too old, or is about another session. Sign out in the app again.",
      };
    }
    const upstream = await signOut(caller);
    await closeSession({ redirect: false });
    if (upstream !== null) await setSignOutSecret(upstream);
    redirect(`/end-session/${encodeURIComponent(uid)}`);
  });
}
