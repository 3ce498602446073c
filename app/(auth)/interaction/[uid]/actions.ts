"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { runAction } from "@/app/_http/action";
import { answerConsent } from "@/lib/oidc/interactions";
import type { FormState } from "@/lib/shared/form-state";

const ConsentAnswer = z.object({
  uid: z.string().min(1).max(100),
  answer: z.enum(["allow", "deny"]),
});

/**
 * Leads back to the page, which goes on from there: a form may not end at
 * another site, and the engine's answer is a redirect to one (F124).
 */
export async function answerConsentAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, ConsentAnswer, async (caller, { uid, answer }) => {
    const result = await answerConsent(caller, uid, answer === "allow");
    if (result.outcome === "rejected") {
      return {
        status: "error",
        message: "This request has been answered or is too old. Go back to the app.",
      };
    }
    redirect(`/interaction/${encodeURIComponent(uid)}`);
  });
}
