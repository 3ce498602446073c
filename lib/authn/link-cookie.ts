import "server-only";
import { LINK_LIFETIME_SECONDS } from "@/lib/federation/link-identity";
import { clearHostCookie, findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { hostCookieName } from "@/lib/platform/http/host-cookie-name";

const NAME = "link";

export const linkCookieName = (): string => hostCookieName(NAME);

/** Ties an identity that is being connected to this browser. */
export const setLinkCookie = (secret: string): Promise<void> =>
  setHostCookie(NAME, secret, LINK_LIFETIME_SECONDS);

export const findLinkCookie = (): Promise<string | undefined> => findHostCookie(NAME);

export const clearLinkCookie = (): Promise<void> => clearHostCookie(NAME);
