import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { expect, test } from "vitest";
import { formatLocale, LOCALES, type Locale } from "@/lib/shared/locale";

// Every language says everything that English says, of the same things.

const MESSAGES = path.resolve(import.meta.dirname, "../../messages");
const AREAS = readdirSync(path.join(MESSAGES, "en")).map((file) => path.basename(file, ".json"));
const OTHERS = LOCALES.filter((locale) => locale !== "en");

type Tree = { [key: string]: string | Tree };

const readArea = (locale: Locale, area: string): Tree =>
  JSON.parse(readFileSync(path.join(MESSAGES, locale, `${area}.json`), "utf8")) as Tree;

const flat = (tree: Tree, above = ""): [key: string, text: string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [[above + key, value]] : flat(value, `${above}${key}.`),
  );

const textsOf = (locale: Locale): Map<string, string> =>
  new Map(
    AREAS.flatMap((area) =>
      flat(readArea(locale, area)).map(([key, text]): [string, string] => [`${area}.${key}`, text]),
    ),
  );

const ENGLISH = textsOf("en");

/** Texts that are the same in another language: names, and words that it shares with English. */
const SAME_AS_ENGLISH: Partial<Record<Locale, readonly string[]>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "same-as-english.json"), "utf8"),
) as Record<Locale, string[]>;

interface Facts {
  /** Arguments with their kind, and tags. */
  names: string[];
  /** Of each plural, what it tells apart. */
  plurals: { ordinal: boolean; categories: string[] }[];
}

function factsOf(elements: MessageFormatElement[]): Facts {
  const names = new Set<string>();
  const plurals: Facts["plurals"] = [];
  const walk = (element: MessageFormatElement): void => {
    switch (element.type) {
      case TYPE.literal:
      case TYPE.pound:
        return;
      case TYPE.tag:
        names.add(`<${element.value}>`);
        element.children.forEach(walk);
        return;
      case TYPE.plural:
        names.add(`${element.value}, plural`);
        plurals.push({
          ordinal: element.pluralType === "ordinal",
          categories: Object.keys(element.options).filter((name) => !name.startsWith("=")),
        });
        for (const { value } of Object.values(element.options)) value.forEach(walk);
        return;
      case TYPE.select:
        names.add(`${element.value}, select ${Object.keys(element.options).sort().join("|")}`);
        for (const { value } of Object.values(element.options)) value.forEach(walk);
        return;
      default:
        // A number may be written as such in one language, and stand within words in another.
        names.add(element.value);
    }
  };
  elements.forEach(walk);
  return { names: [...names].sort(), plurals };
}

const read = (text: string): Facts => factsOf(parse(text));

/** An argument that a plural counts may also stand for itself. */
const argumentsOf = (text: string): string[] => {
  const { names } = read(text);
  return names.filter((name) => !names.includes(`${name}, plural`));
};

test("there is a catalogue to look at", () => {
  expect(ENGLISH.size).toBeGreaterThan(80);
});

test.each(LOCALES)("%s has exactly the areas and the keys of English", (locale) => {
  const files = readdirSync(path.join(MESSAGES, locale)).map((file) =>
    path.basename(file, ".json"),
  );
  expect(files.sort()).toEqual([...AREAS].sort());
  expect([...textsOf(locale).keys()]).toEqual([...ENGLISH.keys()]);
});

test.each(LOCALES)("nothing in %s is empty, or has blanks at its ends", (locale) => {
  const odd = [...textsOf(locale)].filter(([, text]) => text.trim() === "" || text !== text.trim());
  expect(odd).toEqual([]);
});

test.each(OTHERS)("%s speaks of the same arguments, choices and tags as English", (locale) => {
  const texts = textsOf(locale);
  const other = [...ENGLISH].flatMap(([key, text]) => {
    const [theirs, ours] = [argumentsOf(texts.get(key) ?? ""), argumentsOf(text)];
    return theirs.join() === ours.join() ? [] : [`${key}: ${theirs.join()} for ${ours.join()}`];
  });
  expect(other).toEqual([]);
});

test.each(LOCALES)("every plural in %s has all the categories of the language", (locale) => {
  const incomplete = [...textsOf(locale)].flatMap(([key, text]) =>
    read(text).plurals.flatMap(({ ordinal, categories }) => {
      const rules = new Intl.PluralRules(formatLocale(locale), {
        type: ordinal ? "ordinal" : "cardinal",
      });
      // French has one for millions, which nothing here is counted in.
      const needed = rules
        .resolvedOptions()
        .pluralCategories.filter((category) => category !== "many" || locale === "ar");
      const missing = needed.filter((category) => !categories.includes(category));
      return missing.length === 0 ? [] : [`${key}: ${missing.join()}`];
    }),
  );
  expect(incomplete).toEqual([]);
});

test.each(OTHERS)("nothing in %s was left in English", (locale) => {
  const texts = textsOf(locale);
  const same = [...ENGLISH]
    .filter(([key, text]) => texts.get(key) === text)
    .map(([, text]) => text);
  expect([...new Set(same)].sort()).toEqual([...(SAME_AS_ENGLISH[locale] ?? [])].sort());
});

test("what is missing in a plural is found", () => {
  expect(read("{count, plural, one {# day} other {# days}}").plurals).toEqual([
    { ordinal: false, categories: ["one", "other"] },
  ]);
  expect(argumentsOf("For <b>{email}</b>, {count, plural, other {{count} of {all}}}")).toEqual([
    "<b>",
    "all",
    "count, plural",
    "email",
  ]);
});
