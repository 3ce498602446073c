"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { SignInRulesForm } from "@/app/admin/sign-in/forms.schema";
import { PERMISSIONS } from "@/app/permissions";
import { previewSignInRules, type RulesImpact } from "@/lib/organizations/preview-sign-in-rules";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import type { FormState } from "@/lib/shared/form-state";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

const STALE = "Somebody changed these rules meanwhile. Reload the page to see them, then decide.";
const LOCKS_OUT = "You have no second factor yourself: you will be led to one at once.";

const SEEN = { naming: USER_PERMISSIONS.view, permissions: PERMISSIONS };

const peopleAre = (count: number): string =>
  count === 1 ? "1 person is" : `${count.toLocaleString("en")} people are`;

/** Who would be asked for more, in words. */
function rulesState(impact: RulesImpact): FormState {
  const { asked, led, released, sessions, named, unnamed, locksAuthorOut } = impact;
  const sentences = [
    asked > 0 &&
      `${peopleAre(asked)} asked for a second factor who ${asked === 1 ? "is" : "are"} not now.`,
    led > 0 && `${peopleAre(led)} led to set one up, because they have none.`,
    released > 0 && `${peopleAre(released)} not asked for one any more.`,
    sessions > 0 &&
      `${sessions === 1 ? "1 open session has" : `${sessions.toLocaleString("en")} open sessions have`} proven one factor only, and will be held until they prove another.`,
  ].filter((sentence) => sentence !== false);
  return {
    status: "preview",
    preview: {
      ...(locksAuthorOut && { warning: LOCKS_OUT }),
      confirm: locksAuthorOut,
      sentences:
        sentences.length > 0 ? sentences : ["Nobody is asked for another factor than now."],
      people: named.map(({ name, email }) => ({
        name: name === null ? email : `${name} (${email})`,
        changes: ["is led to set up a second factor"],
      })),
      ...(unnamed > 0 && { further: `And ${unnamed.toLocaleString("en")} more.` }),
    },
  };
}

export async function changeSignInRulesAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runAction(
    form,
    SignInRulesForm,
    async (caller, { version, confirm, intent, ...rules }) => {
      const terms = { expectedVersion: version, confirmed: confirm };
      const result = await (intent
        ? previewSignInRules(caller, rules, terms, SEEN)
        : changeSignInRules(caller, rules, terms));
      if (result.outcome === "previewed") return rulesState(result.impact);
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
    },
  );
}
