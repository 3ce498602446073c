import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { type Choice, chooseRule, type RuleBook } from "@/lib/gateway/choose-rule";
import type { GatewayRule } from "@/lib/gateway/gateway-rule.schema";
import { type Claims, overridesMethod, readOriginal } from "@/lib/gateway/original-request";
import { GATEWAY_PERMISSIONS } from "@/lib/gateway/permissions";
import type { Caller } from "@/lib/shared/caller";

/** All rules, of each host in the order in which they are asked. */
export async function listRules(caller: Caller, book: RuleBook): Promise<readonly GatewayRule[]> {
  await authorize(caller, GATEWAY_PERMISSIONS.view);
  return [...book.values()].flat();
}

export type Trial = Choice | { outcome: "unreadable" };

/**
 * What a request would meet, before anybody is asked who they are: the same reading and the same choice as for
 * a proxy. Nothing is sent and nothing recorded.
 */
export async function tryRequest(
  caller: Caller,
  book: RuleBook,
  { method, address }: { method: string; address: string },
): Promise<Trial> {
  await authorize(caller, GATEWAY_PERMISSIONS.view);
  const original = readOriginal({ method, ...partsOf(address) });
  if (typeof original === "string" || overridesMethod(original.query, [])) {
    return { outcome: "unreadable" };
  }
  return chooseRule(book, original);
}

/** As it is written: a URL would tidy up what makes it readable in two ways. */
function partsOf(address: string): Omit<Claims, "method"> {
  const [scheme = ""] = address.split("://", 1);
  const rest = address.slice(`${scheme}://`.length);
  const [host = ""] = rest.split(/[/?#]/, 1);
  const uri = rest.slice(host.length);
  return { scheme, host, uri: uri.startsWith("/") ? uri : `/${uri}` };
}
