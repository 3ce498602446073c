import "server-only";
import "#node-only";
import type { IncomingMessage } from "node:http";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

export interface Unservable {
  status: 400 | 405;
  headers: Record<string, string>;
}

const BAD_REQUEST: Unservable = { status: 400, headers: {} };

const decodes = (path: string): boolean => {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
};

/**
 * How to refuse what no handler should have to think of, or null for all else:
 * an absolute target, which is for proxies (RFC 9112 §3.2.1); several Host
 * headers (§3.2); a path that does not decode; a method that nothing here has.
 * Next answers some of these with 500, as though the fault were ours (ATK-12).
 */
export function unservable({ url, method, rawHeaders }: IncomingMessage): Unservable | null {
  if (!url?.startsWith("/")) return BAD_REQUEST;
  const hosts = rawHeaders.filter((text, index) => index % 2 === 0 && /^host$/i.test(text));
  if (hosts.length > 1) return BAD_REQUEST;
  if (!decodes(url.split("?", 1)[0] ?? "")) return BAD_REQUEST;
  if (!METHODS.includes(method ?? ""))
    return { status: 405, headers: { allow: METHODS.join(", ") } };
  return null;
}

/** True when a body is announced that exceeds the limit: it need not be read to be refused (ATK-61). */
export const announcesTooMuch = ({ headers }: IncomingMessage, bytesMax: number): boolean =>
  Number(headers["content-length"] ?? 0) > bytesMax;

/** Bodies of an API are counted as they are read, by whoever reads them. */
const COUNTED = /^\/api\//;

/**
 * True for a body that does not say how long it is, where Next alone would count it, and by the
 * largest limit of all. No browser sends a form so.
 */
export const hidesItsLength = ({ url, headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined && !COUNTED.test(url ?? "");
