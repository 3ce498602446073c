import "server-only";
import { cookies } from "next/headers";
import { getConfig } from "@/lib/platform/config";
import { sessionCookieName } from "@/lib/sessions/current-principal";
import { formatKept, type KeptSession, parseKept } from "@/lib/sessions/kept-sessions";

const name = (): string =>
  getConfig().secureCookies ? "__Host-gatehouse_accounts" : "gatehouse_accounts";

const write = async (cookie: string, value: string): Promise<void> => {
  const { secureCookies: secure, session } = getConfig();
  const store = await cookies();
  if (value === "") {
    store.delete({ name: cookie, path: "/", secure });
    return;
  }
  store.set(cookie, value, {
    httpOnly: true,
    sameSite: "lax",
    secure,
    path: "/",
    maxAge: session.absoluteLifetimeSeconds,
  });
};

/** The accounts that this browser is signed in to besides the one it uses (F36). */
export const findKept = async (): Promise<KeptSession[]> =>
  parseKept((await cookies()).get(name())?.value);

export const setKept = (kept: readonly KeptSession[]): Promise<void> =>
  write(name(), formatKept(kept));

/** Gives the browser the session that it uses from now on; a sign-in does so through Auth.js. */
export const setSessionCookie = (secret: string): Promise<void> =>
  write(sessionCookieName(), secret);

export const clearSessionCookie = (): Promise<void> => write(sessionCookieName(), "");

export const findSessionSecret = async (): Promise<string | undefined> =>
  (await cookies()).get(sessionCookieName())?.value;
