import "server-only";
import { getConfig } from "@/lib/platform/config";
import { clearHostCookie, findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { SESSION_COOKIE } from "@/lib/sessions/current-principal";
import { formatKept, type KeptSession, parseKept } from "@/lib/sessions/kept-sessions";

const ACCOUNTS = "accounts";
const OWN = "own";

const write = (name: string, value: string): Promise<void> =>
  value === ""
    ? clearHostCookie(name)
    : setHostCookie(name, value, getConfig().session.absoluteLifetimeSeconds);

/** The accounts that this browser is signed in to besides the one it uses (F36). */
export const findKept = async (): Promise<KeptSession[]> =>
  parseKept(await findHostCookie(ACCOUNTS));

export const setKept = (kept: readonly KeptSession[]): Promise<void> =>
  write(ACCOUNTS, formatKept(kept));

/** The session of whoever acts as somebody else in this browser, until they stop (F101). */
export const findOwnSession = (): Promise<string | undefined> => findHostCookie(OWN);

export const keepOwnSession = (secret: string): Promise<void> => write(OWN, secret);

export const clearOwnSession = (): Promise<void> => clearHostCookie(OWN);

/** Gives the browser the session that it uses from now on; a sign-in does so through Auth.js. */
export const setSessionCookie = (secret: string): Promise<void> => write(SESSION_COOKIE, secret);

export const clearSessionCookie = (): Promise<void> => clearHostCookie(SESSION_COOKIE);

export const findSessionSecret = (): Promise<string | undefined> => findHostCookie(SESSION_COOKIE);
