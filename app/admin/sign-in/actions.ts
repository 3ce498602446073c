"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { SignInRulesForm } from "@/app/admin/sign-in/forms.schema";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import type { FormState } from "@/lib/shared/form-state";

const STALE = "Somebody changed these rules meanwhile. Reload the page to see them, then decide.";
const LOCKS_OUT = {
  "second-factor": [
    "You have no second factor yourself: you will be led to one at once.",
    "confirm",
  ],
  network: [
    "You are outside of these ranges yourself: from where you are now, you will see nothing and can change nothing back.",
    "confirmNetwork",
  ],
} as const;

export async function changeSignInRulesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    SignInRulesForm,
    async (caller, { version, confirm, confirmNetwork, ...rules }) => {
      const terms = {
        expectedVersion: version,
        confirmed: confirm,
        networkConfirmed: confirmNetwork,
      };
      const result = await changeSignInRules(caller, rules, terms);
      if (result.outcome === "changed") {
        revalidatePath("/", "layout");
        return {
          status: "success",
          message: "The rules are saved. They hold from the next request.",
        };
      }
      if (result.reason === "stale") return { status: "error", message: STALE };
      const [message, field] = LOCKS_OUT[result.by];
      return { status: "error", message, fieldErrors: { [field]: ["Tick this to go on."] } };
    },
  );
}
