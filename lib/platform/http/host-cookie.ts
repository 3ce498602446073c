import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { hostCookieName } from "@/lib/platform/http/host-cookie-name";

/**
 * Gives the browser a cookie of this host alone, which no script reads, and which another site sends along
 * only with somebody who follows a link. For pages and server actions.
 */
export async function setHostCookie(
  name: string,
  value: string,
  lifetimeSeconds: number,
): Promise<void> {
  (await cookies()).set(hostCookieName(name), value, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: lifetimeSeconds,
  });
}

export const findHostCookie = async (name: string): Promise<string | undefined> =>
  (await cookies()).get(hostCookieName(name))?.value;

export async function clearHostCookie(name: string): Promise<void> {
  const secure = getConfig().secureCookies;
  (await cookies()).delete({ name: hostCookieName(name), path: "/", secure });
}
