"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";

import { ownSessionWarning, sessionSentences } from "@/app/_impact/session-words";

import { getTranslations } from "@/app/_locale/translations";
import { SignInRulesForm } from "@/app/admin/sign-in/forms.schema";
import { PERMISSIONS } from "@/app/permissions";
import { previewSignInRules, type RulesImpact } from "@/lib/organizations/preview-sign-in-rules";
import { changeSignInRules } from "@/lib/organizations/sign-in-rules";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** The field that has to be ticked by whom the rules lock out. */
const CONFIRMATIONS = { "second-factor": "confirm", network: "confirmNetwork" } as const;
type Lockout = keyof typeof CONFIRMATIONS;

async function lockoutWords(by: Lockout): Promise<string> {
  return by === "network"
    ? (await getTranslations("admin-sign-in.said"))("outside")
    : (await getTranslations("impact"))("noFactor");
}

const SEEN = { naming: USER_PERMISSIONS.view, permissions: PERMISSIONS };

/** Who would be asked for more, and what would become of sessions, in words. */
async function rulesState(impact: RulesImpact): Promise<FormState> {
  const t = await getTranslations("admin-sign-in.foreseen");
  const words = await getTranslations("impact");
  const { asked, led, released, administering, sessions, beyondSessionsMax, named, unnamed } =
    impact;
  const sentences = [
    asked > 0 && t("asked", { count: asked }),
    led > 0 && t("led", { count: led }),
    released > 0 && t("released", { count: released }),
    administering > 0 && t("administering", { count: administering }),
    ...sessionSentences(words, sessions),
    beyondSessionsMax > 0 && t("beyondMax", { count: beyondSessionsMax }),
  ].filter((sentence) => sentence !== false);
  const { lockouts } = impact;
  const warning = [
    ...(await Promise.all(lockouts.map(lockoutWords))),
    // Who has no second factor is told so above.
    ...(sessions.own === "second-factor" && lockouts.includes("second-factor")
      ? []
      : [ownSessionWarning(words, sessions)]),
  ]
    .filter(Boolean)
    .join(" ");
  return {
    status: "preview",
    preview: {
      ...(warning !== "" && { warning }),
      confirm: lockouts.map((by) => CONFIRMATIONS[by]),
      sentences: sentences.length > 0 ? sentences : [t("nobody")],
      people: named.map(({ name, email }) => ({
        name: name === null ? email : t("person", { name, email }),
        changes: [t("change")],
      })),
      ...(unnamed > 0 && { further: t("further", { count: unnamed }) }),
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
      const t = await getTranslations("admin-sign-in.said");
      if (result.outcome === "changed") {
        revalidatePath("/", "layout");
        return { status: "success", message: t("saved") };
      }
      if (result.reason === "stale") return formError(t("stale"));
      if (result.reason === "own-sign-in-elsewhere") {
        return fieldError("ssoRequired", t("signInThere"));
      }
      return {
        status: "error",
        message: await lockoutWords(result.by),
        fieldErrors: { [CONFIRMATIONS[result.by]]: [t("tick")] },
      };
    },
  );
}
