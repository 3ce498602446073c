import "server-only";
import { getConfig } from "@/lib/platform/config";
import type { Translator } from "@/lib/platform/locale/translator";

/**
 * Short enough for one message, or for two in languages whose letters take more room (3GPP TS 23.038).
 * The last line is for phones: they offer the code on this site and on no look-alike of it (WICG,
 * origin-bound one-time codes).
 */
export function codeMessage(t: Translator<"sms">, code: string): string {
  const { hostname } = getConfig().appUrl;
  return `${t("code", { code, host: hostname })}\n\n@${hostname} #${code}`;
}
