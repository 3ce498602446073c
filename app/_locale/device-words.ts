import type { Translator } from "@/lib/platform/locale/translator";
import { readUserAgent } from "@/lib/shared/user-agent";

/** "Firefox on Windows", from what a browser says of itself. Evidence, never proof. */
export function wordsOfDevice(userAgent: string | null, t: Translator<"auth.device">): string {
  const { browser, system, other } = readUserAgent(userAgent);
  if (browser !== undefined && system !== undefined) return t("browserOn", { browser, system });
  return browser ?? other ?? t("unknownDevice");
}
