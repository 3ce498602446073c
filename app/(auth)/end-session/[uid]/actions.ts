"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
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
      const t = await getTranslations("auth.endSession");
      return { status: "error", message: t("tooOld") };
    }
    const upstream = await signOut(caller);
    await closeSession({ redirect: false });
    if (upstream !== null) await setSignOutSecret(upstream);
    redirect(`/end-session/${encodeURIComponent(uid)}`);
  });
}
