import "server-only";
import type { ImpactTranslator } from "@/app/_impact/impact-state";
import type { FateCounts, ForeseenSessions, SessionFate } from "@/lib/sessions/foresee-sessions";

/** In the order in which they are told. */
const FATES = [
  "ended",
  "network",
  "single-sign-on",
  "idle",
  "second-factor",
  "password",
] as const satisfies SessionFate[];

/** What becomes of open sessions, a sentence each. */
export function sessionSentences(
  t: ImpactTranslator,
  { fates, freed }: ForeseenSessions,
): string[] {
  const told = (counts: FateCounts, fate: SessionFate | "freed"): string[] =>
    counts.sessions === 0
      ? []
      : [t(`open.${fate}`, { sessions: counts.sessions, open: t("open.count", { ...counts }) })];
  return [...FATES.flatMap((fate) => told(fates[fate], fate)), ...told(freed, "freed")];
}

/** What the author meets themselves; empty for nothing. */
export const ownSessionWarning = (t: ImpactTranslator, { own }: ForeseenSessions): string =>
  // The form asks to confirm a network by itself.
  own === null || own === "network" ? "" : t(`ownSession.${own}`);
