import "server-only";
import "#node-only";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { factsOf, headerOf } from "@/lib/platform/http/node-mount";

interface Compressed {
  type: string;
  bytes: Buffer;
  etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  ".js": "application/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
};
const PREFIX = "/_next/static/";
const COMPRESSED = ".br";

/**
 * What the build compressed, by the path of its address. It is read once, so that a request names
 * no file: what is not in this list is not served, whatever is asked for (ATK-12).
 */
export function readPrecompressed(folder: string): Map<string, Compressed> {
  const found = new Map<string, Compressed>();
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    const name = file.slice(0, -COMPRESSED.length);
    const type = TYPES[path.extname(name)];
    if (!file.endsWith(COMPRESSED) || type === undefined) continue;
    const bytes = readFileSync(path.join(folder, file));
    const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}-br"`;
    found.set(PREFIX + name.split(path.sep).map(encodeURIComponent).join("/"), {
      type,
      bytes,
      etag,
    });
  }
  return found;
}

/** Whether a client takes Brotli: named, and not by a weight of nothing (RFC 9110 §12.5.3). */
export function acceptsBrotli(accepted: string | null): boolean {
  return (accepted ?? "").split(",").some((choice) => {
    const [coding = "", ...parameters] = choice.split(";").map((part) => part.trim().toLowerCase());
    if (coding !== "br") return false;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return weight === undefined || Number(weight.slice(2)) > 0;
  });
}

const isKnown = (asked: string | null, etag: string): boolean =>
  (asked ?? "").split(",").some((tag) => ["*", etag, `W/${etag}`].includes(tag.trim()));

/**
 * Answers for a script or a style sheet with what the build compressed; false leaves it to Next,
 * which compresses less and anew for each request: what has no such file, a client without Brotli,
 * a part of a file.
 */
export function answerPrecompressed(
  files: ReadonlyMap<string, Compressed>,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { method } = request;
  if ((method !== "GET" && method !== "HEAD") || request.headers.range !== undefined) return false;
  const file = files.get((request.url ?? "").split("?", 1)[0] ?? "");
  if (file === undefined || !acceptsBrotli(headerOf(request, "accept-encoding"))) return false;
  const headers = {
    // Its name changes with what is in it.
    "cache-control": "public, max-age=31536000, immutable",
    etag: file.etag,
    vary: "Accept-Encoding",
    "x-request-id": factsOf(request).requestId,
  };
  if (isKnown(headerOf(request, "if-none-match"), file.etag)) {
    response.writeHead(304, headers).end();
    return true;
  }
  response.writeHead(200, {
    ...headers,
    "content-type": file.type,
    "content-encoding": "br",
    "content-length": file.bytes.length,
  });
  response.end(method === "HEAD" ? undefined : file.bytes);
  return true;
}
