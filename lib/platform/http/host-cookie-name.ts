import "server-only";
import { getConfig } from "@/lib/platform/config";

/** What a cookie of ours is called: `__Host-` pins it to this very host and to https (RFC 6265bis §4.1.3.2). */
export const hostCookieName = (name: string): string =>
  `${getConfig().secureCookies ? "__Host-" : ""}gatehouse_${name}`;
