import { expect, test } from "vitest";
import { chooseLocale, directionOf, formatLocale, LOCALES } from "@/lib/shared/locale";

test.each([
  ["de", "de"],
  ["de-AT,en;q=0.5", "de"],
  ["DE-at", "de"],
  ["nl, fr;q=0.8, en;q=0.9", "en"],
  ["nl,fr;q=0.8,de;q=0.8", "fr"],
  ["de;q=0,es", "es"],
  ["*", "en"],
  ["", "en"],
  [";;q=,,", "en"],
  ["fr;q=nonsense, de", "de"],
  ["constructor, __proto__", "en"],
])("a browser that asks for %j is answered in %s", (acceptLanguage, locale) => {
  expect(chooseLocale({ acceptLanguage })).toBe(locale);
});

test("the user's setting comes before the cookie, and the cookie before the browser", () => {
  const acceptLanguage = "ja";
  expect(chooseLocale({ setting: "ar", cookie: "fr", acceptLanguage })).toBe("ar");
  expect(chooseLocale({ setting: null, cookie: "fr", acceptLanguage })).toBe("fr");
  expect(chooseLocale({ setting: null, cookie: "xx", acceptLanguage })).toBe("ja");
  expect(chooseLocale({})).toBe("en");
});

test("a header of any length is read as far as browsers write", () => {
  expect(chooseLocale({ acceptLanguage: `${"nl,".repeat(20_000)}de` })).toBe("en");
});

test("every language has a format that this runtime knows, and Arabic alone runs from right to left", () => {
  for (const locale of LOCALES) {
    expect(Intl.DateTimeFormat.supportedLocalesOf(formatLocale(locale))).toHaveLength(1);
  }
  expect(LOCALES.filter((locale) => directionOf(locale) === "rtl")).toEqual(["ar"]);
});
