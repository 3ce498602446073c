import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import type { DutyRejection } from "@/lib/authz/duty-guard";
import type { GuardRejection } from "@/lib/authz/guarded-change";
import type { BeyondOwn } from "@/lib/authz/within-own";
import type { Translator } from "@/lib/platform/locale/translator";
import { type FormState, formError } from "@/lib/shared/form-state";

/** What says a refusal: in the language of the request, and in English on the command line. */
export type RefusalTranslator = Translator<"admin-refusals">;

export async function unknownRole(): Promise<FormState> {
  return formError((await getTranslations("admin-refusals"))("unknownRole"));
}

const listed = (texts: readonly string[], t: RefusalTranslator): string =>
  texts.length === 0 ? "" : texts.reduce((before, next) => t("list", { before, next }));

/** What every change of somebody's permissions may be refused for, in words. */
export async function authorityRefusal(
  refusal: GuardRejection | BeyondOwn,
  words?: RefusalTranslator,
): Promise<FormState> {
  const t = words ?? (await getTranslations("admin-refusals"));
  switch (refusal.reason) {
    case "last-administrator":
      return formError(t("lastAdministrator"));
    case "confirmation-required":
      return {
        status: "error",
        message: t("wouldLose", { permissions: listed(refusal.lost, t) }),
        fieldErrors: { confirm: [t("tickToGoOn")] },
      };
    case "duty-conflict":
      return formError(dutyRefusal(refusal, t));
    case "beyond-own-permissions":
      return formError(
        t("beyondOwn", {
          permissions: listed(refusal.missing, t),
          reference: refusal.decisionId,
        }),
      );
  }
}

/** Who would come to hold what nobody may hold together, as far as the reader may be told. */
export function dutyRefusal(
  { conflicts, people, others }: DutyRejection,
  t: RefusalTranslator,
): string {
  const further = others === 0 ? [] : [t("others", { count: others })];
  const duties = conflicts.map((name) => t("duty", { name }));
  return t("dutyConflict", {
    duties: listed(duties, t),
    people: listed([...people, ...further], t),
  });
}
