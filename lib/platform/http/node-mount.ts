import "server-only";
import "#node-only";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { getConfig } from "@/lib/platform/config";
import { clientAddress } from "@/lib/platform/http/client-address";
import { localeFrom, requestIds, userAgentFrom } from "@/lib/platform/http/lane";
import type { Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge, type HttpRequest, parseCookies } from "@/lib/platform/http/request";
import { log } from "@/lib/platform/log";
import { describeRequest } from "@/lib/platform/tracing/spans";
import type { RequestFacts } from "@/lib/shared/caller";

export function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : (value ?? null);
}

/** Who asks, from the connection itself and from as many proxies as are trusted. */
export function factsOf(request: IncomingMessage): RequestFacts {
  const { trustedProxies } = getConfig();
  const peer = request.socket.remoteAddress ?? null;
  return {
    // Behind a trusted proxy its id is kept, so that one id runs end to end.
    ...requestIds(trustedProxies > 0 ? headerOf(request, "x-request-id") : null),
    ip: clientAddress(peer, headerOf(request, "x-forwarded-for"), trustedProxies),
    userAgent: userAgentFrom(headerOf(request, "user-agent")),
    locale: localeFrom((name) => headerOf(request, name)),
  };
}

/** Runs a handler for a node:http request: the fast lane's mount (D20). */
export async function answerNodeRequest(
  message: IncomingMessage,
  response: ServerResponse,
  url: URL,
  answer: (request: HttpRequest) => Promise<Reply>,
): Promise<void> {
  let cookies: Map<string, string> | undefined;
  const facts = factsOf(message);
  describeRequest(facts);
  const reply = await answer({
    method: message.method ?? "GET",
    path: url.pathname,
    target: message.url ?? null,
    query: url.searchParams,
    facts,
    header: (name) => headerOf(message, name),
    headerNames: () => Object.keys(message.headers),
    cookie: (name) => {
      cookies ??= parseCookies(message.headers.cookie);
      return cookies.get(name);
    },
    text: (bytesMax) => readText(message, bytesMax),
  });
  // A body that was not read to its end must not be taken for the next request.
  if (!message.complete) response.setHeader("connection", "close");
  response.writeHead(reply.status, reply.headers);
  if (reply.stream) return sendStream(reply.stream, message, response);
  response.end(message.method === "HEAD" ? undefined : (reply.body ?? undefined));
}

/** Whoever gets less than all of it sees that the connection broke: what failed is no end. */
async function sendStream(
  stream: NonNullable<Reply["stream"]>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (message.method === "HEAD") {
    await stream.return(undefined);
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(stream, { objectMode: false }), response);
  } catch (error) {
    log.warn("an answer was not sent to its end", { error });
  }
}

async function readText(message: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.byteLength;
    if (length > bytesMax) throw new BodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
