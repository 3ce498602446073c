import "server-only";
import type { RequestFacts } from "@/lib/shared/caller";

/** A request as handlers see it, whichever mount it came through (D20). */
export interface HttpRequest {
  method: string;
  path: string;
  /** Path and query as they were sent; null where the mount sees only what was made of them. */
  target: string | null;
  query: URLSearchParams;
  facts: RequestFacts;
  header(name: string): string | null;
  /** Of all headers, in lower case. */
  headerNames(): string[];
  cookie(name: string): string | undefined;
  /** The body as text; throws {@link BodyTooLarge} as soon as it exceeds the limit. */
  text(bytesMax: number): Promise<string>;
}

/** The answer 413. */
export class BodyTooLarge extends Error {
  constructor() {
    super("the request body is too large");
    this.name = "BodyTooLarge";
  }
}

/** RFC 6265 §4.2; the last of several cookies of one name counts, as in Next: pages and API see one session. */
export function parseCookies(header: string | null | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (header ?? "").split(";")) {
    const separator = pair.indexOf("=");
    if (separator < 1) continue;
    const name = pair.slice(0, separator).trim();
    cookies.set(name, pair.slice(separator + 1).trim());
  }
  return cookies;
}
