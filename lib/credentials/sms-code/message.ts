import "server-only";
import { getConfig } from "@/lib/platform/config";

/**
 * Short enough for one message. The last line is for phones: they offer the code
 * on this site and on no look-alike of it (WICG, origin-bound one-time codes).
 */
export function codeMessage(code: string): string {
  const { hostname } = getConfig().appUrl;
  return `${code} is your code for ${hostname}. It works once, within ten minutes. Tell it to nobody.\n\n@${hostname} #${code}`;
}
