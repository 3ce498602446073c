import "server-only";
import ipaddr from "ipaddr.js";
import { LOOPBACK_HOSTS } from "@/lib/shared/loopback";

/** Why an address that somebody typed is not asked. */
export type OutboundRefusal = "not-https" | "has-credentials" | "private-address";

/** The outbound request was refused before a byte was sent. A TypeError, as `fetch` itself fails by. */
export class OutboundRefused extends TypeError {
  constructor(
    readonly reason: OutboundRefusal,
    readonly host: string,
  ) {
    super(`${host} is not asked: ${reason}`);
    this.name = "OutboundRefused";
  }
}

export interface OutboundTerms {
  /** Hosts, with or without a port, that may lie within our own network. */
  allowedHosts: readonly string[];
  /** Plain http is for a listed host on this machine, while we are there ourselves. */
  loopback: boolean;
}

export const isAllowedHost = (url: URL, { allowedHosts }: OutboundTerms): boolean =>
  allowedHosts.includes(url.host) || allowedHosts.includes(url.hostname);

/** Azure's own services for a machine, within the range of everybody's addresses. */
const AZURE_PLATFORM = "168.63.129.16";

/** IPv6 has one block of global unicast; ipaddr.js calls other unassigned ones so, too (RFC 4291 §2.4). */
const IPV6_GLOBAL = ipaddr.parseCIDR("2000::/3");

/**
 * True for an address of the open internet. Everything that is reserved for
 * something is not: loopback, private networks, link-local with the metadata of
 * clouds, and IPv6 addresses that stand for an IPv4 one (ATK-62).
 */
export function isPublicAddress(text: string): boolean {
  const bare = text.replace(/^\[|\]$/g, "");
  if (!ipaddr.isValid(bare)) return false;
  const address = ipaddr.process(bare);
  if (address.range() !== "unicast" || address.toString() === AZURE_PLATFORM) return false;
  return address.kind() === "ipv4" || address.match(IPV6_GLOBAL);
}

/** Throws {@link OutboundRefused} for a URL that is not asked, whatever its name resolves to. */
export function checkOutboundUrl(url: URL, terms: OutboundTerms): void {
  const listed = isAllowedHost(url, terms);
  const plainIsFine = listed && terms.loopback && LOOPBACK_HOSTS.has(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && plainIsFine)) {
    throw new OutboundRefused("not-https", url.host);
  }
  if (url.username !== "" || url.password !== "") {
    throw new OutboundRefused("has-credentials", url.host);
  }
  // A literal address is connected to without a look-up, so it is judged here.
  const literal = ipaddr.isValid(url.hostname.replace(/^\[|\]$/g, ""));
  if (literal && !listed && !isPublicAddress(url.hostname)) {
    throw new OutboundRefused("private-address", url.host);
  }
}
