import "server-only";
import compile from "icu-minify/compile";
import {
  createTranslator,
  type Messages,
  type NamespaceKeys,
  type NestedKeyOf,
} from "use-intl/core";
import formatMessage from "use-intl/format-message";
import { formatLocale, type Locale } from "@/lib/shared/locale";

/** A file of the catalogue, `messages/<locale>/<area>.json`. */
export type Area = keyof Messages;
export type Namespace = NamespaceKeys<Messages, NestedKeyOf<Messages>>;

const areas = new Map<string, Promise<Messages[Area]>>();

type Tree = { [key: string]: string | Tree };
type Compiled = { [key: string]: unknown };

/**
 * Where pages are built, what formats messages cannot read them: it gets them as data (next.config.mjs).
 * Copied, since the choices of a plural come without a prototype, and React hands such to no browser.
 */
const compiled = (tree: Tree): Compiled =>
  Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      typeof value === "string" ? structuredClone<unknown>(compile(value)) : compiled(value),
    ]),
  );

/** What an area says in a language, as it is formatted from. Read once, and kept. */
export function loadArea(locale: Locale, area: Area): Promise<Messages[Area]> {
  const name = `${locale}/${area}`;
  const known = areas.get(name);
  if (known) return known;
  const loading = import(`../../../messages/${locale}/${area}.json`).then(
    (file: { default: Tree }) =>
      (formatMessage.raw ? file.default : compiled(file.default)) as Messages[Area],
  );
  areas.set(name, loading);
  return loading;
}

/** A word that is missing is a defect, and not a page that shows its key. */
export const onMissingWords = (error: Error): never => {
  throw error;
};

/** Says the words of a namespace, `<area>.<part>`, in a language. */
export async function translatorFor<N extends Namespace>(
  locale: Locale,
  namespace: N,
  timeZone = "UTC",
) {
  const area = namespace.split(".", 1)[0] as Area;
  const messages = { [area]: await loadArea(locale, area) } as unknown as Messages;
  return createTranslator<Messages, N>({
    locale: formatLocale(locale),
    messages,
    namespace,
    timeZone,
    onError: onMissingWords,
  });
}

export type Translator<N extends Namespace> = Awaited<ReturnType<typeof translatorFor<N>>>;
