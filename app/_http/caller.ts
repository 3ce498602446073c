import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { PERMISSIONS } from "@/app/permissions";
import { findPresentPrincipal } from "@/lib/impersonation/find-present-principal";
import { isUnavailable } from "@/lib/platform/db/errors";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { sessionCookieName } from "@/lib/sessions/current-principal";
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

// A page that failed is drawn once more, as an error, and asks again: by then everybody has waited long enough.
const outageOfRequest = new WeakMap<object, Error>();

/**
 * The signed-in caller of a page or server action, or null; asked of the database once a request, also
 * where that fails.
 */
export const findCaller = cache(async (): Promise<Caller | null> => {
  const incoming = await headers();
  const outage = outageOfRequest.get(incoming);
  if (outage !== undefined) throw outage;
  const cookie = (await cookies()).get(sessionCookieName())?.value;
  const request = await requestFacts();
  try {
    const principal = await findPresentPrincipal(cookie, request, PERMISSIONS);
    return principal && { principal, request };
  } catch (error) {
    if (error instanceof Error && isUnavailable(error)) outageOfRequest.set(incoming, error);
    throw error;
  }
});
