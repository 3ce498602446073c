import http from "node:http";
import { buffer } from "node:stream/consumers";

export interface HttpCall {
  method?: string;
  /** Sent as it is: nothing is normalised, so that odd paths arrive odd. */
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer | FormData;
}

export interface HttpAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** The body as it came, under whatever encoding its headers name. */
  bytes: Buffer;
  text: string;
  json: () => Record<string, unknown>;
}

const TIMEOUT_MS = 20_000;

/**
 * One request as bytes on a connection of its own: no redirect is followed, no
 * cookie kept, no header added that a test did not ask for, except Host.
 */
export async function send(base: string, call: HttpCall): Promise<HttpAnswer> {
  const { hostname, port } = new URL(base);
  const { method = "GET", path } = call;
  const { body, headers } = await encoded(call);
  return new Promise((resolve, reject) => {
    const request = http.request(
      { hostname, port, method, path, headers, agent: false, timeout: TIMEOUT_MS },
      (response) => {
        buffer(response).then((bytes) => {
          const text = bytes.toString("utf8");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            bytes,
            text,
            json: () => JSON.parse(text) as Record<string, unknown>,
          });
        }, reject);
      },
    );
    request.once("timeout", () => request.destroy(new Error(`no answer to ${method} ${path}`)));
    request.once("error", reject);
    request.end(body);
  });
}

async function encoded({ body, headers = {} }: HttpCall): Promise<{
  body: string | Buffer | undefined;
  headers: Record<string, string | string[]>;
}> {
  if (!(body instanceof FormData)) return { body, headers };
  const multipart = new Response(body);
  const type = multipart.headers.get("content-type") ?? "";
  return {
    body: Buffer.from(await multipart.arrayBuffer()),
    headers: { "content-type": type, ...headers },
  };
}

/** The path and query of a Location header, whichever form it has; undefined without one. */
export function redirectTarget({ headers }: HttpAnswer): string | undefined {
  const location = headers.location ?? headers["x-action-redirect"];
  return typeof location === "string" ? location.split(";")[0] : undefined;
}
