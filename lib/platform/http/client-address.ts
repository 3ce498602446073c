import "server-only";
import ipaddr from "ipaddr.js";

/** One spelling for each address: IPv4-mapped IPv6 becomes IPv4, IPv6 is compressed. */
export function normaliseAddress(text: string | null | undefined): string | null {
  const [bare] =
    text
      ?.trim()
      .replace(/^\[|\]$/g, "")
      .split("%", 1) ?? [];
  return bare !== undefined && ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : null;
}

/**
 * The client's address, counted from the peer inwards through as many proxies
 * as are trusted. Entries further left are the client's own words and do not
 * count (ATK-34); with no trusted proxy the header means nothing.
 */
export function clientAddress(
  peer: string | null | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string | null {
  if (trustedProxies === 0) return normaliseAddress(peer);
  const hops = (forwardedFor ?? "").split(",").filter((hop) => hop.trim() !== "");
  const chain = [...hops, peer ?? ""];
  const index = Math.max(0, chain.length - 1 - trustedProxies);
  return normaliseAddress(chain[index]) ?? normaliseAddress(peer);
}

/**
 * Where somebody is, coarsely: providers move their customers about within a /24
 * of IPv4 or a /48 of IPv6. Says nothing for an unknown address.
 */
export function neighbourhoodOf(ip: string | null): string {
  const address = normaliseAddress(ip);
  if (address === null) return "unknown";
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") return address.replace(/\.\d+$/, ".0/24");
  const prefix = (parsed as ipaddr.IPv6).parts.slice(0, 3).map((part) => part.toString(16));
  return `${prefix.join(":")}::/48`;
}

const isLoopback = (ip: string): boolean => ipaddr.parse(ip).range() === "loopback";

/** Whether two addresses are of one network, or both of this machine, which has two. */
export function isSameNetwork(one: string | null, other: string | null): boolean {
  const [here, there] = [normaliseAddress(one), normaliseAddress(other)];
  if (here === null || there === null) return false;
  return networkOf(here) === networkOf(there) || (isLoopback(here) && isLoopback(there));
}

/**
 * What counters count: an IPv4 address, or the /64 that one IPv6 subscriber
 * owns and could walk through. Unknown addresses share one counter.
 */
export function networkOf(ip: string | null): string {
  const address = normaliseAddress(ip);
  if (address === null) return "unknown";
  const parsed = ipaddr.parse(address);
  if (parsed.kind() === "ipv4") return address;
  const prefix = (parsed as ipaddr.IPv6).parts.slice(0, 4).map((part) => part.toString(16));
  return `${prefix.join(":")}::/64`;
}
