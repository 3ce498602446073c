import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import { findPrincipal, sessionCookieName } from "@/lib/sessions/current-principal";
import type { Caller, RequestFacts } from "@/lib/shared/caller";

/** Who asks, for pages and server actions. */
export const requestFacts = cache(async (): Promise<RequestFacts> => {
  const incoming = await headers();
  return factsFromHeaders((name) => incoming.get(name));
});

/** The signed-in caller of a page or server action, or null; asked of the database once a request. */
export const findCaller = cache(async (): Promise<Caller | null> => {
  const principal = await findPrincipal((await cookies()).get(sessionCookieName())?.value);
  return principal && { principal, request: await requestFacts() };
});
