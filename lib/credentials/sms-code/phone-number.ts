import "server-only";
import { type CountryCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { getConfig } from "@/lib/platform/config";

export type ParsedPhone =
  | { outcome: "parsed"; number: string }
  /** No number, one that takes no text messages, or of a country that none are sent to. */
  | { outcome: "rejected"; reason: "invalid" | "not-mobile" | "country" };

/** Of some countries, such as the United States, a number does not tell which of the two it is. */
const MOBILE: readonly (string | undefined)[] = ["MOBILE", "FIXED_LINE_OR_MOBILE"];

/** The one form of a mobile number, E.164. A number without a country is of the only one there is. */
export function parsePhone(
  text: string,
  countries: readonly string[] = getConfig().sms.countries,
): ParsedPhone {
  const home = countries.length === 1 ? (countries[0] as CountryCode) : undefined;
  const phone = parsePhoneNumberFromString(text.normalize("NFKC").trim(), {
    defaultCountry: home,
    extract: false,
  });
  // Numbers of no country are those of satellites and of networks that cost most.
  if (!phone?.isValid() || phone.country === undefined || phone.ext !== undefined) {
    return { outcome: "rejected", reason: "invalid" };
  }
  if (!MOBILE.includes(phone.getType())) return { outcome: "rejected", reason: "not-mobile" };
  return countries.length === 0 || countries.includes(phone.country)
    ? { outcome: "parsed", number: phone.number }
    : { outcome: "rejected", reason: "country" };
}

/** How people write a number of E.164. */
export const formatPhone = (number: string): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;

/** What tells a number from one's others, for mails and records: its last two digits. */
export const maskPhone = (number: string): string => `ending in ${number.slice(-2)}`;
