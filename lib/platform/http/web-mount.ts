import "server-only";
import { factsFromHeaders } from "@/lib/platform/http/lane";
import type { Reply } from "@/lib/platform/http/reply";
import { BodyTooLarge, type HttpRequest, parseCookies } from "@/lib/platform/http/request";

/** Runs a handler for a Web `Request`: the App Router's mount. */
export async function answerWebRequest(
  request: Request,
  answer: (request: HttpRequest) => Promise<Reply>,
): Promise<Response> {
  const url = new URL(request.url);
  const header = (name: string) => request.headers.get(name);
  const cookies = parseCookies(header("cookie"));
  const reply = await answer({
    method: request.method,
    path: url.pathname,
    target: null,
    query: url.searchParams,
    facts: factsFromHeaders(header),
    header,
    headerNames: () => [...request.headers.keys()],
    cookie: (name) => cookies.get(name),
    text: (bytesMax) => readText(request, bytesMax),
  });
  const headers = new Headers();
  for (const [name, value] of Object.entries(reply.headers)) {
    for (const single of [value].flat()) headers.append(name, single);
  }
  const body = reply.stream ? streamed(reply.stream) : reply.body;
  return new Response(body, { status: reply.status, headers });
}

const streamed = (source: NonNullable<Reply["stream"]>): ReadableStream<Uint8Array> =>
  new ReadableStream({
    async pull(controller) {
      const next = await source.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });

async function readText(request: Request, bytesMax: number): Promise<string> {
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > bytesMax) throw new BodyTooLarge();
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
