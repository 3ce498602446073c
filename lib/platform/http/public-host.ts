import "server-only";
import "#node-only";
import { lookup } from "node:dns/promises";
import { isPublicAddress } from "@/lib/platform/http/outbound-address";

/** Whether a host is reached over the open internet; a name that is not known is not reached at all. */
export async function isPublicHost(hostname: string): Promise<boolean> {
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ""), { all: true }).catch(() => []);
  return addresses.some(({ address }) => isPublicAddress(address));
}
