import "server-only";
import { parse } from "tldts";

/**
 * Where anybody can have an address. No list of these is ever complete, and none has to be: the
 * record in the DNS is what proves a domain, and nobody can write to these. They are named to say
 * at once what would come out after days.
 */
const FREE_MAIL = new Set([
  "126.com",
  "163.com",
  "aol.com",
  "fastmail.com",
  "gmail.com",
  "gmx.com",
  "gmx.de",
  "gmx.net",
  "googlemail.com",
  "hey.com",
  "hotmail.com",
  "icloud.com",
  "live.com",
  "mac.com",
  "mail.com",
  "mail.ru",
  "me.com",
  "msn.com",
  "outlook.com",
  "pm.me",
  "proton.me",
  "protonmail.com",
  "qq.com",
  "t-online.de",
  "tutanota.com",
  "web.de",
  "yahoo.com",
  "yandex.com",
  "yandex.ru",
  "zoho.com",
]);

export type DomainRefusal = "public-suffix" | "free-mail";

/**
 * Why a domain can be nobody's, or null. Under a public suffix, such as co.uk or github.io, anybody
 * registers names: who answers for it does not answer for what is below.
 */
export function judgeDomain(domain: string): DomainRefusal | null {
  if (FREE_MAIL.has(domain)) return "free-mail";
  const { publicSuffix } = parse(domain, { allowPrivateDomains: true, validateHostname: false });
  return publicSuffix === domain ? "public-suffix" : null;
}
