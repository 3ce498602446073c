import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { isSecret } from "@/lib/platform/crypto";
import { days } from "@/lib/shared/duration";

const name = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_invitation" : "gatehouse_invitation";

const write = async (value: string, maxAge: number): Promise<void> => {
  (await cookies()).set(name(), value, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge,
  });
};

/**
 * Keeps the secret of an invitation while whoever opened it signs in or up. In the browser, so
 * that it stands in no address that is passed on or stored, as where to return to is.
 */
export const keepInvitation = (token: string): Promise<void> => write(token, days(1));

export const forgetInvitation = (): Promise<void> => write("", 0);

export async function findKeptInvitation(): Promise<string | undefined> {
  const value = (await cookies()).get(name())?.value;
  return isSecret(value) ? value : undefined;
}
