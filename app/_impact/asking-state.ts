import "server-only";
import {
  type ImpactTranslator,
  impactState,
  nameOf,
  type PreviewState,
} from "@/app/_impact/impact-state";
import { ownSessionWarning, sessionSentences } from "@/app/_impact/session-words";
import { getTranslations } from "@/app/_locale/translations";
import type { Impact } from "@/lib/authz/impact/impact";
import type { AskingRoleImpact } from "@/lib/organizations/foresee-asking-role";
import type { Caller } from "@/lib/shared/caller";

/** What a role that begins or ceases to ask for a second factor would do, for the form that asked. */
export async function askingState(
  { principal }: Caller,
  impact: Impact,
  asks: boolean,
  { asked, led, named, unnamed, sessions }: AskingRoleImpact,
  words?: ImpactTranslator,
): Promise<PreviewState> {
  const t = words ?? (await getTranslations("impact"));
  const state = await impactState(impact, t);
  const lacksOne = sessions.own === "second-factor" && !principal.secondFactorEnrolled;
  const warning = [state.preview.warning, lacksOne ? t("noFactor") : ownSessionWarning(t, sessions)]
    .filter(Boolean)
    .join(" ");
  return {
    status: "preview",
    preview: {
      ...state.preview,
      ...(warning !== "" && { warning }),
      sentences: [
        t(asks ? "asking.asked" : "asking.released", { count: asked }),
        ...(led > 0 ? [t("asking.led", { count: led })] : []),
        ...sessionSentences(t, sessions),
        ...state.preview.sentences,
      ],
      people: [
        ...named.map((person) => ({ name: nameOf(person), changes: [t("asking.isLed")] })),
        ...state.preview.people,
      ],
      ...(unnamed > 0 && { further: t("further", { count: unnamed }) }),
    },
  };
}
