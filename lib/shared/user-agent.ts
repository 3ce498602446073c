import Bowser from "bowser";

/** What a browser says of itself, in parts: names, or the beginning of what names none. */
export function readUserAgent(userAgent: string | null): {
  browser?: string;
  system?: string;
  other?: string;
} {
  if (userAgent === null || userAgent.trim() === "") return {};
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name === undefined || browser.name === "") return { other: userAgent.slice(0, 60) };
  return { browser: browser.name, system: os.name };
}

/** "Firefox on Windows", from what a browser says of itself. Evidence, never proof. */
export function describeUserAgent(userAgent: string | null): string {
  const { browser, system, other } = readUserAgent(userAgent);
  if (browser === undefined) return other ?? "Unknown device";
  return system === undefined ? browser : `${browser} on ${system}`;
}
