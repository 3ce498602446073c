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

const SEEN = { naming: USER_PERMISSIONS.view, permissions: PERMISSIONS };

const peopleAre = (count: number): string =>
  count === 1 ? "1 person is" : `${count.toLocaleString("en")} people are`;

/** Who would be asked for more, in words. */
function rulesState(impact: RulesImpact): FormState {
  const { asked, led, released, sessions, named, unnamed, lockouts } = impact;
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
      ...(lockouts.length > 0 && { warning: lockouts.map((by) => LOCKS_OUT[by][0]).join(" ") }),
      confirm: lockouts.map((by) => LOCKS_OUT[by][1]),
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
    async (caller, { version, confirm, confirmNetwork, intent, ...rules }) => {
      const terms = {
        expectedVersion: version,
        confirmed: confirm,
        networkConfirmed: confirmNetwork,
      };
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
      if (result.reason === "stale") return { status: "error", message: STALE };
      const [message, field] = LOCKS_OUT[result.by];
      return { status: "error", message, fieldErrors: { [field]: ["Tick this to go on."] } };
    },
  );
}
