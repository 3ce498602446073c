import "server-only";
import "#node-only";
import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns";
import { Agent, fetch as undiciFetch } from "undici";
import { getConfig } from "@/lib/platform/config";
import {
  checkOutboundUrl,
  isAllowedHost,
  isPublicAddress,
  OutboundRefused,
  type OutboundTerms,
} from "@/lib/platform/http/outbound-address";
import { processSingleton } from "@/lib/platform/process-singleton";
import { currentTraceparent, describeSpan, inSpan } from "@/lib/platform/tracing/spans";
import { seconds } from "@/lib/shared/duration";

const TIMEOUT_MS = seconds(5) * 1_000;
/** Metadata and keys of a provider are a few kilobytes. */
const ANSWER_LENGTH_MAX = 512 * 1_024;

/** The answer was longer than anything that is expected. */
export class OutboundTooLarge extends TypeError {
  constructor(host: string) {
    super(`${host} answered with more than ${ANSWER_LENGTH_MAX} bytes`);
    this.name = "OutboundTooLarge";
  }
}

type LookupAnswer = (
  error: NodeJS.ErrnoException | null,
  addresses: LookupAddress[] | string,
  family?: number,
) => void;
export type Lookup = (
  hostname: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Resolves a name and refuses it when one of its addresses is not public; that very answer is connected to. */
const checkedLookup =
  (lookup: Lookup) =>
  (hostname: string, options: LookupOptions, done: LookupAnswer): void =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return done(new OutboundRefused("private-address", hostname), []);
      }
      return options.all ? done(null, addresses) : done(null, first.address, first.family);
    });

const agentOf = (connect: { lookup?: Lookup }) =>
  new Agent({
    connect: {
      timeout: TIMEOUT_MS,
      ...(connect.lookup && { lookup: checkedLookup(connect.lookup) }),
    },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
    // Addresses are judged at each connection; one that is kept open is not judged again.
    pipelining: 0,
  });

/**
 * A `fetch` for addresses that an administrator typed: https, to the open
 * internet, judged when the connection is made and not before, so that a name
 * that changes its mind reaches nothing (ATK-62). It follows no redirect, and
 * ends after five seconds or half a megabyte.
 */
export function outboundFetchWith(terms: () => OutboundTerms, lookup: Lookup): typeof fetch {
  const guarded = agentOf({ lookup });
  const direct = agentOf({});
  const ask = async (url: URL, init: RequestInit): Promise<Response> => {
    checkOutboundUrl(url, terms());
    const isOurs = isAllowedHost(url, terms());
    const answer = await undiciFetch(url, {
      ...(init as Parameters<typeof undiciFetch>[1]),
      ...(isOurs && withinTrace(init)),
      redirect: "manual",
      signal: AbortSignal.any([
        AbortSignal.timeout(TIMEOUT_MS),
        ...(init.signal ? [init.signal] : []),
      ]),
      dispatcher: isOurs ? direct : guarded,
    }).catch((error: unknown) => {
      throw refusalIn(error) ?? error;
    });
    describeSpan({ "http.response.status_code": answer.status });
    const body = await readAtMost(answer, url.host);
    const { status, statusText } = answer;
    const headers = new Headers([...answer.headers]);
    // The body stands here as it is read: unpacked.
    headers.delete("content-encoding");
    headers.delete("content-length");
    return new Response(isBodiless(status) ? null : body, { status, statusText, headers });
  };
  return async (input, init = {}) => {
    if (input instanceof Request) throw new TypeError("ask by an address, not by a Request");
    const url = new URL(input);
    const method = init.method?.toUpperCase() ?? "GET";
    // Of the address its host alone: what follows can be a secret, as in webhooks of chats.
    const attributes = { "http.request.method": method, "server.address": url.hostname };
    return inSpan({ name: method, kind: "CLIENT", attributes }, () => ask(url, init));
  };
}

/** A host within our own network goes on with the trace; nobody else is told of it. */
function withinTrace({ headers }: RequestInit): { headers: [string, string][] } | null {
  const traceparent = currentTraceparent();
  if (traceparent === null) return null;
  return {
    headers: [...new Headers({ ...Object.fromEntries(new Headers(headers)), traceparent })],
  };
}

const isBodiless = (status: number): boolean => [101, 204, 205, 304].includes(status);

/** fetch wraps what the connection threw. */
function refusalIn(error: unknown): OutboundRefused | null {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof OutboundRefused ? cause : null;
}

async function readAtMost(
  answer: Awaited<ReturnType<typeof undiciFetch>>,
  host: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body ?? []) {
    length += (chunk as Uint8Array).byteLength;
    if (length > ANSWER_LENGTH_MAX) throw new OutboundTooLarge(host);
    chunks.push(chunk as Uint8Array);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

const configuredTerms = (): OutboundTerms => ({
  allowedHosts: getConfig().outboundAllowedHosts,
  loopback: getConfig().loopback,
});

/** Whether an address could be asked at all, before it is stored; what its name resolves to is judged later. */
export function isOutboundAddress(address: string): boolean {
  const url = URL.parse(address);
  if (url === null) return false;
  try {
    checkOutboundUrl(url, configuredTerms());
    return true;
  } catch (error) {
    if (error instanceof OutboundRefused) return false;
    throw error;
  }
}

/** The same by this program's configuration and the system's names. */
export const outboundFetch: typeof fetch = (input, init) =>
  processSingleton("outbound-fetch", () => outboundFetchWith(configuredTerms, systemLookup))(
    input,
    init,
  );
