import { answerApiRequest } from "@/app/api/dispatch";
import { getConfig } from "@/lib/platform/config";
import type { Reply } from "@/lib/platform/http/reply";
import { answerWebRequest } from "@/lib/platform/http/web-mount";
import { sessionCookieName } from "@/lib/sessions/current-principal";

export interface ApiCall {
  method: string;
  path: string;
  cookie?: string | undefined;
  /** Our own unless given; null leaves the header out. */
  origin?: string | null;
  contentType?: string | null;
  headers?: Record<string, string>;
  body?: string;
}

/** One request to the JSON API through the mount that Next uses, read whole. */
export async function callApi(call: ApiCall): Promise<Reply & { bytes: Buffer }> {
  const { method, path, cookie, body, contentType = "application/json" } = call;
  const { origin: own } = getConfig();
  const origin = call.origin === undefined ? own : call.origin;
  const headers = new Headers(call.headers);
  if (origin !== null) headers.set("origin", origin);
  if (cookie !== undefined) headers.set("cookie", `${sessionCookieName()}=${cookie}`);
  const hasBody = method !== "GET" && method !== "HEAD";
  const encoded = new TextEncoder().encode(body ?? "{}");
  if (hasBody && contentType !== null) headers.set("content-type", contentType);
  const response = await answerWebRequest(
    new Request(new URL(path, own), { method, headers, ...(hasBody ? { body: encoded } : {}) }),
    answerApiRequest,
  );
  const bytes = Buffer.from(await response.arrayBuffer());
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: bytes.toString("utf8"),
    bytes,
  };
}
