import "server-only";
import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { toFetchResponse, toReqRes } from "fetch-to-node";
import type Provider from "oidc-provider";

/** What the engine says of itself: the same to everybody, until it has other keys. */
const DOCUMENTS: ReadonlySet<string> = new Set([
  "/jwks",
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
]);

export interface PublishedDocument {
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** By the engine that drew them: another set of keys is another engine. */
const drawn = new WeakMap<Provider, Map<string, Promise<PublishedDocument>>>();

/**
 * The bytes that the engine answers to a request for its keys or its metadata, drawn once for each set of
 * keys; null for any other request, and for one of a script of another origin, whose answer names that
 * origin. The request is one that is ready for the engine.
 */
export async function findPublishedDocument(
  provider: Provider,
  message: IncomingMessage,
): Promise<PublishedDocument | null> {
  const path = message.url ?? "";
  if (message.method !== "GET" || !DOCUMENTS.has(path)) return null;
  if (message.headers.origin !== undefined) return null;
  const documents = drawn.get(provider) ?? new Map<string, Promise<PublishedDocument>>();
  drawn.set(provider, documents);
  const document = documents.get(path) ?? draw(provider, path, message);
  documents.set(path, document);
  try {
    return await document;
  } catch (error) {
    if (documents.get(path) === document) documents.delete(path);
    throw error;
  }
}

async function draw(
  provider: Provider,
  path: string,
  { headers, socket }: IncomingMessage,
): Promise<PublishedDocument> {
  const { host = "", "x-forwarded-proto": protocol } = headers;
  const asked = new Request(`http://${host}${path}`, {
    headers: { host, "x-forwarded-proto": String(protocol) },
  });
  const { req, res } = toReqRes(asked);
  Object.defineProperty(req, "socket", { value: socket });
  Object.assign(req, { url: path, originalUrl: `/oidc${path}`, baseUrl: "/oidc" });
  await provider.callback()(req, res);
  const answer = await toFetchResponse(res);
  if (answer.status !== 200) throw new Error(`the engine answered ${answer.status} at ${path}`);
  const body = Buffer.from(await answer.arrayBuffer());
  return {
    headers: { ...Object.fromEntries(answer.headers), "content-length": body.length },
    body,
  };
}
