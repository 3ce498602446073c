import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal } from "@/app/admin/refusals";
import type { Translator } from "@/lib/platform/locale/translator";
import type { Misfit, Unfitting } from "@/lib/policies/fit-content";
import type { PolicyRejection } from "@/lib/policies/policy-change";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

type Refusal =
  | PolicyRejection
  | Unfitting
  | {
      outcome: "rejected";
      reason: "name-taken" | "unchanged" | "too-many-versions" | "unknown-version" | "in-force";
    };

type Answers = Translator<"admin-policies.answers">;

/** Somebody deleted the policy meanwhile. */
export const goneState = async (): Promise<FormState> =>
  formError((await getTranslations("admin-policies.answers"))("gone"));

export function misfitWords(t: Answers, { reason, names }: Misfit): string {
  const what = names.join(", ");
  switch (reason) {
    case "unknown-permission":
      return t("misfits.permission", { what });
    case "undeniable":
      return t("misfits.undeniable", { what });
    case "unfitting-condition":
      return names.includes("own") ? t("misfits.notOwned") : t("misfits.condition", { what });
    case "unreadable":
      return t("misfits.unreadable");
    case "allow-hides-nothing":
      return t("misfits.allowHides", { what });
    case "not-hideable":
      return t("misfits.notHideable", { what });
  }
}

/** By field, as the form shows them. */
const misfitState = (t: Answers, { misfits }: Unfitting): FormState => ({
  status: "error",
  fieldErrors: Object.fromEntries(
    (["permissions", "condition", "fields"] as const).flatMap((field) => {
      const words = misfits.flatMap((one) => (one.field === field ? [misfitWords(t, one)] : []));
      return words.length === 0 ? [] : [[field, words]];
    }),
  ),
});

/** Why a policy stays as it is, in the words of the form that asked for the change. */
export async function refusalState(refusal: Refusal): Promise<FormState> {
  if (refusal.outcome === "not-found") return goneState();
  const t = await getTranslations("admin-policies.answers");
  switch (refusal.reason) {
    case "name-taken":
      return fieldError("name", t("nameTaken"));
    case "unfitting":
      return misfitState(t, refusal);
    case "unchanged":
      return formError(t("unchanged"));
    case "too-many-versions":
      return formError(t("tooMany"));
    case "unknown-version":
      return formError(t("noVersion"));
    case "in-force":
      return formError(t("stillInForce"));
    case "stale":
      return formError(t("stale"));
    default:
      return authorityRefusal(refusal);
  }
}
