import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { minutes } from "@/lib/shared/duration";

/** As long as the flow itself. */
const LIFETIME_SECONDS = minutes(15);

const name = (): string => (getConfig().secureCookies ? "__Host-gatehouse_flow" : "gatehouse_flow");

/** Ties a sign-in that is under way to this browser. */
export async function setFlowCookie(secret: string): Promise<void> {
  (await cookies()).set(name(), secret, {
    httpOnly: true,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: LIFETIME_SECONDS,
  });
}

export const findFlowCookie = async (): Promise<string | undefined> =>
  (await cookies()).get(name())?.value;

export async function clearFlowCookie(): Promise<void> {
  (await cookies()).delete({ name: name(), path: "/", secure: getConfig().secureCookies });
}
