import Bowser from "bowser";

/** "Firefox on Windows", from what a browser says of itself. Evidence, never proof. */
export function describeUserAgent(userAgent: string | null): string {
  if (userAgent === null || userAgent.trim() === "") return "Unknown device";
  const { browser, os } = Bowser.parse(userAgent);
  if (browser.name === undefined || browser.name === "") return userAgent.slice(0, 60);
  return os.name === undefined ? browser.name : `${browser.name} on ${os.name}`;
}
