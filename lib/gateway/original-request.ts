import "server-only";

/** What the browser or program asked of the service behind the gateway, in its one spelling. */
export interface OriginalRequest {
  method: string;
  scheme: "http" | "https";
  /** As a URL writes it: lower case, without the port of the scheme. */
  host: string;
  /** Without the query. */
  path: string;
  /** With the question mark; empty without one. */
  query: string;
}

/** Why a request can be read in more than one way, and so is answered by nobody. */
export type Ambiguity = "method" | "scheme" | "host" | "path" | "override" | "identity";

export interface Claims {
  method: string | null;
  scheme: string | null;
  host: string | null;
  /** Path and query, exactly as they were asked for. */
  uri: string | null;
}

export const ORIGINAL_METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
] as const;

const URI_LENGTH_MAX = 8_000;
/** RFC 3986 §3.3, but `;`, which some servers cut from the path with all that follows it. */
const PATH = /^\/(?:[A-Za-z0-9._~!$&'()*+,=:@/-]|%[0-9A-Fa-f]{2})*$/;
const QUERY = /^\?[\x21-\x7e]*$/;
/**
 * What a server may take for structure once it has decoded it (`/ \ ; % . ? #` and controls), and
 * what needs no encoding, which the gateway would compare as it is written.
 */
const DECODES_TO_STRUCTURE = /[\p{Cc}/\\;%?#A-Za-z0-9._~-]/u;

/**
 * The one way to read a request, or what of it can be read in several: another server might take
 * it for the address of something else, which other rules guard (F125).
 */
export function readOriginal({ method, scheme, host, uri }: Claims): OriginalRequest | Ambiguity {
  if (!ORIGINAL_METHODS.some((known) => known === method) || method === null) return "method";
  if (scheme !== "http" && scheme !== "https") return "scheme";
  const ownHost = hostOf(host, scheme);
  if (ownHost === null) return "host";
  if (uri === null || uri.length > URI_LENGTH_MAX) return "path";
  const [path = ""] = uri.split("?", 1);
  const query = uri.slice(path.length);
  if (!isPlain(path) || (query !== "" && !QUERY.test(query))) return "path";
  return { method, scheme, host: ownHost, path, query };
}

function hostOf(claimed: string | null, scheme: string): string | null {
  if (claimed === null || !/^[A-Za-z0-9.:[\]-]{1,260}$/.test(claimed)) return null;
  const url = URL.parse(`${scheme}://${claimed}`);
  if (url === null || url.hostname.endsWith(".")) return null;
  const written = claimed.toLowerCase();
  const port = scheme === "https" ? ":443" : ":80";
  return url.host === written || `${url.host}${port}` === written ? url.host : null;
}

/** Whether every server that follows RFC 3986 finds the same segments in it. */
function isPlain(path: string): boolean {
  if (!PATH.test(path) || path.includes("//")) return false;
  return path.split("/").every((segment) => {
    if (segment === "." || segment === "..") return false;
    return [...segment.matchAll(/(?:%[0-9A-Fa-f]{2})+/g)].every(([encoded]) => isHarmless(encoded));
  });
}

function isHarmless(encoded: string): boolean {
  let text: string;
  try {
    text = decodeURIComponent(encoded);
  } catch {
    return false;
  }
  // Also what becomes a slash or a dot when its width is evened out.
  return !DECODES_TO_STRUCTURE.test(text) && !DECODES_TO_STRUCTURE.test(text.normalize("NFKC"));
}

/** The path as a server sees it that decodes it and does not tell upper from lower case. */
export const foldedPath = (path: string): string =>
  decodeURIComponent(path).normalize("NFKC").toLowerCase();

const OVERRIDE_HEADERS = ["x-http-method", "x-http-method-override", "x-method-override"];

/** Whether it asks for another method than the one that it is judged by. */
export function overridesMethod(query: string, headerNames: readonly string[]): boolean {
  const names = headerNames.map((name) => name.toLowerCase().replaceAll("_", "-"));
  if (OVERRIDE_HEADERS.some((name) => names.includes(name))) return true;
  return new URLSearchParams(query).has("_method");
}
