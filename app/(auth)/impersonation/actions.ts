"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { runPublicAction } from "@/app/_http/action";
import { findCaller } from "@/app/_http/caller";
import { userPath } from "@/app/admin/users/address";
import {
  clearOwnSession,
  clearSessionCookie,
  findOwnSession,
  findSessionSecret,
  setSessionCookie,
} from "@/lib/authn/kept-cookie";
import { stopImpersonation } from "@/lib/impersonation/end-impersonation";
import { findPrincipal } from "@/lib/sessions/current-principal";
import { resumeSession } from "@/lib/sessions/resume-session";
import type { FormState } from "@/lib/shared/form-state";
import { HOME_PATH } from "@/lib/shared/return-to";

/**
 * Leads back from somebody else's account to one's own session, also where acting as them is over
 * already. Who has the cookies may: without the one that was kept aside, the way is to sign in.
 */
export async function stopImpersonationAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(
    form,
    z.object({}),
    async (_input, request) => {
      const [secret, own] = [await findSessionSecret(), await findOwnSession()];
      const stopped = await stopImpersonation(secret, request);
      // Another tab was here first, or somebody has signed in meanwhile.
      if (stopped === null && (await findCaller()) !== null) redirect(HOME_PATH);
      const kept = await findPrincipal(own);
      const isTheirs = stopped === null || kept?.session.id === stopped.impersonatorSessionId;
      const resumed = own !== undefined && isTheirs ? await resumeSession(own, request) : null;
      await clearOwnSession();
      revalidatePath("/", "layout");
      if (resumed === null) {
        await clearSessionCookie();
        redirect("/sign-in");
      }
      await setSessionCookie(resumed);
      redirect(stopped === null ? HOME_PATH : userPath(stopped.userId));
    },
    { impersonated: true },
  );
}
