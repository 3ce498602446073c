import "server-only";
import { outboundFetch } from "@/lib/platform/http/outbound-fetch";
import { log } from "@/lib/platform/log";
import { minutes, seconds } from "@/lib/shared/duration";

/** However long a client's server wishes to be believed: a key that it takes back is gone after this. */
const BELIEVED_SECONDS_MAX = minutes(10);
/** In characters: keys, a document about a client, a list of addresses. */
const DOCUMENT_LENGTH_MAX = 64 * 1024;
/** An address that did not answer is left in peace for a while, whoever makes us ask. */
const PAUSED_MS = seconds(30) * 1_000;
const PAUSED_MAX = 1_000;

const pausedUntil = new Map<string, number>();

function pause(href: string): void {
  // The oldest goes: what is remembered is bounded, whatever clients name.
  const oldest = pausedUntil.keys().next();
  if (pausedUntil.size >= PAUSED_MAX && !oldest.done) pausedUntil.delete(oldest.value);
  pausedUntil.delete(href);
  pausedUntil.set(href, Date.now() + PAUSED_MS);
}

/**
 * What the engine asks of a client's own server, by the guard for everything that
 * somebody else has typed (ATK-28, ATK-62): keys, lists of addresses, and documents
 * about itself. An answer is JSON with the status 200, or an error; it is asked for again
 * after a failure only when half a minute has passed, and believed for ten minutes at most.
 */
export const engineFetch: typeof fetch = async (input, init = {}) => {
  if (input instanceof Request) throw new TypeError("ask by an address, not by a Request");
  const { href, host } = new URL(input);
  if ((pausedUntil.get(href) ?? 0) > Date.now()) {
    throw new TypeError(`${host} did not answer a moment ago`);
  }
  try {
    const answer = await outboundFetch(href, init);
    if (answer.status !== 200) throw new TypeError(`${host} answered ${answer.status}`);
    const body = await answer.text();
    if (body.length > DOCUMENT_LENGTH_MAX) throw new TypeError(`${host} answered at length`);
    // Whatever is asked for is JSON.
    JSON.parse(body);
    const wished = /(?:^|[\s,])max-age=(\d+)/i.exec(answer.headers.get("cache-control") ?? "")?.[1];
    const headers = new Headers(answer.headers);
    headers.delete("expires");
    headers.set("cache-control", `max-age=${Math.min(Number(wished ?? 0), BELIEVED_SECONDS_MAX)}`);
    return new Response(body, { status: 200, headers });
  } catch (error) {
    pause(href);
    log.warn("a client's server was not heard", { error });
    throw error;
  }
};
