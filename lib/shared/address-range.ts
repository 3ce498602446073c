import ipaddr from "ipaddr.js";

const RANGE = /^([0-9a-f.:]{2,45})(?:\/(\d{1,3}))?$/i;
const BITS = { ipv4: 32, ipv6: 128 } as const;
/** Where the addresses of IPv4 begin among those of IPv6. */
const MAPPED_BITS = 96;

/** One spelling of an address; of IPv4 only the one with four decimal numbers, since others read as another. */
function parsed(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return text.includes(":") && ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}

/**
 * The one spelling of a range of addresses in CIDR notation, IPv4 or IPv6: `10.1.2.3/8` becomes
 * `10.0.0.0/8`, an address alone the range of itself, IPv4 within IPv6 becomes IPv4. Null for
 * what is none.
 */
export function normaliseRange(text: string): string | null {
  const [, bare = "", length] = RANGE.exec(text.trim()) ?? [];
  const address = parsed(bare);
  if (address === null) return null;
  const bits = length === undefined ? BITS[address.kind()] : Number(length);
  if (bits > BITS[address.kind()]) return null;
  if (address.kind() === "ipv4") return networkOf(address, bits);
  const ipv6 = address as ipaddr.IPv6;
  if (!ipv6.isIPv4MappedAddress() || bits < MAPPED_BITS) return networkOf(ipv6, bits);
  return networkOf(ipv6.toIPv4Address(), bits - MAPPED_BITS);
}

function networkOf(address: ipaddr.IPv4 | ipaddr.IPv6, bits: number): string {
  const range = `${address.toString()}/${bits}`;
  const first =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(range)
      : ipaddr.IPv6.networkAddressFromCIDR(range);
  return `${first.toString()}/${bits}`;
}

/**
 * Whether an address is in one of the ranges; of no ranges, whether there is any rule at all: then
 * every address is. An unknown address is in none, and what is no range holds none.
 */
export function isWithinRanges(ip: string | null, ranges: readonly unknown[]): boolean {
  if (ranges.length === 0) return true;
  const known = ip === null || !ipaddr.isValid(ip) ? null : ipaddr.process(ip);
  return known !== null && ranges.some((range) => holds(range, known));
}

function holds(range: unknown, address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const normal = typeof range === "string" ? normaliseRange(range) : null;
  if (normal === null) return false;
  const [network, bits] = ipaddr.parseCIDR(normal);
  return network.kind() === address.kind() && address.match(network, bits);
}
