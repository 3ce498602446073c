import type { GuardedRequest } from "./guard.js";
import type { Refusal } from "./refusal.js";

/** What is read of a request of the web platform. */
export function readWeb({ method, url, headers }: Request): GuardedRequest {
  const { pathname, search } = new URL(url);
  return { method, path: pathname + search, header: (name) => headers.get(name) };
}

export const webAnswer = ({ status, headers, body }: Refusal): Response =>
  new Response(body, { status, headers });
