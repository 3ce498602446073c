import type { SecurityEvent } from "@/lib/audit-log/own-security-events";
import type { Translator } from "@/lib/platform/locale/translator";
import { FACTOR_KINDS } from "@/lib/shared/factor";

/** What happened, as its owner would say it; with the account's translator, as it names factors too. */
export function wordsFor(
  { action, factor }: Pick<SecurityEvent, "action" | "factor">,
  t: Translator<"account">,
): string {
  const known = [...FACTOR_KINDS, "federation" as const].find((kind) => kind === factor);
  return t(`events.${action}`, { factor: t(`factors.${known ?? "other"}`) });
}
