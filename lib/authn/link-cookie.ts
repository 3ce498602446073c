import "server-only";
import { cookies } from "next/headers";
import { LINK_LIFETIME_SECONDS } from "@/lib/federation/link-identity";
import { getConfig } from "@/lib/platform/config";

export const linkCookieName = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_link" : "gatehouse_link";

/** Ties an identity that is being connected to this browser. */
export async function setLinkCookie(secret: string): Promise<void> {
  (await cookies()).set(linkCookieName(), secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: LINK_LIFETIME_SECONDS,
  });
}

export const findLinkCookie = async (): Promise<string | undefined> =>
  (await cookies()).get(linkCookieName())?.value;

export async function clearLinkCookie(): Promise<void> {
  (await cookies()).delete({
    name: linkCookieName(),
    path: "/",
    secure: getConfig().secureCookies,
  });
}
