import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { findCaller } from "@/app/_http/caller";
import { isUnavailable } from "@/lib/platform/db/errors";
import type { Caller } from "@/lib/shared/caller";
import { chooseLocale, type Language, LOCALE_COOKIE } from "@/lib/shared/locale";

/** A page that says that the database is out of reach must be able to say it. */
async function findReader(): Promise<Caller | null> {
  try {
    return await findCaller();
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

/**
 * What a page or an action speaks: the language of the signed-in user, else the one that was chosen
 * in this browser, else the first that it asks for and we have, else English. Decided here alone.
 */
export const requestLanguage = cache(async (): Promise<Language> => {
  const [reader, cookieStore, incoming] = [await findReader(), await cookies(), await headers()];
  return {
    locale: chooseLocale({
      setting: reader?.principal.locale,
      cookie: cookieStore.get(LOCALE_COOKIE)?.value,
      acceptLanguage: incoming.get("accept-language"),
    }),
    timeZone: reader?.principal.timeZone ?? "UTC",
  };
});
