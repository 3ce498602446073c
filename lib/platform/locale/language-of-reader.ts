import "server-only";
import type { Db } from "@/lib/platform/db/client";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/shared/locale";

/** Whom a message is for: messages go to an address, or to a telephone of somebody. */
type Reader = { email: string } | { userId: string };

/**
 * What a message is written in: the language that its reader has set, else `asked`, that of the
 * request which causes it, else English.
 */
export async function languageOfReader(
  reader: Reader,
  db: Db,
  asked: Locale = DEFAULT_LOCALE,
): Promise<Locale> {
  const [found] =
    "email" in reader
      ? await db.$queryRaw<{ locale: string | null }[]>`
          SELECT locale FROM users WHERE email = ${reader.email}`
      : await db.$queryRaw<{ locale: string | null }[]>`
          SELECT locale FROM users WHERE id = ${reader.userId}::uuid`;
  return isLocale(found?.locale) ? found.locale : asked;
}
