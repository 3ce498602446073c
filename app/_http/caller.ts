import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

// By the request's headers, which an action and the page rendered after it have
// in common: both must give a decision the same name.
const factsOfRequest = new WeakMap<object, RequestFacts>();

/** Who asks, for pages and server actions. */
export async function requestFacts(): Promise<RequestFacts> {
  const incoming = await headers();
  const known = factsOfRequest.get(incoming);
  if (known) return known;
  const facts = factsFromHeaders((name) => incoming.get(name));
  factsOfRequest.set(incoming, facts);
  return facts;
}

/** The signed-in caller of a page or server action, or null; asked of the database once a request. */
export const findCaller = cache(async (): Promise<Caller | null> => {
  const principal = await findPrincipal((await cookies()).get(sessionCookieName())?.value);
  return principal && { principal, request: await requestFacts() };
});
