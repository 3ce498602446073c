"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { SignInRulesForm } from "@/app/admin/sign-in/forms.schema";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import type { FormState } from "@/lib/shared/form-state";

const STALE = "Somebody changed these rules meanwhile. Reload the page to see them, then decide.";
const LOCKS_OUT = "You have no second factor yourself: you will be led to one at once.";

export async function changeSignInRulesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(form, SignInRulesForm, async (caller, { version, confirm, ...rules }) => {
    const terms = { expectedVersion: version, confirmed: confirm };
    const result = await changeSignInRules(caller, rules, terms);
    if (result.outcome === "changed") {
      revalidatePath("/", "layout");
      return {
        status: "success",
        message: "The rules are saved. They hold from the next request.",
      };
    }
    return result.reason === "stale"
      ? { status: "error", message: STALE }
      : {
          status: "error",
          message: LOCKS_OUT,
          fieldErrors: { confirm: ["Tick this to go on."] },
        };
  });
}
