import { unavailable } from "./failures.js";

const ANSWER_BYTES_MAX = 262_144;

export interface Asker {
  fetch: typeof fetch;
  timeoutSeconds: number;
}

/**
 * The status and the JSON of an answer of Gatehouse. Redirects are not followed: who is asked stands
 * in the configuration. Throws `unavailable` for an answer that is late, large or no JSON.
 */
export async function ask(
  asker: Asker,
  url: string,
  init: RequestInit = {},
): Promise<{ status: number; json: Record<string, unknown> }> {
  try {
    const signal = AbortSignal.timeout(asker.timeoutSeconds * 1000);
    const response = await asker.fetch(url, { ...init, redirect: "error", signal });
    if (response.redirected) throw new Error("redirected");
    if (response.status !== 200) {
      await response.body?.cancel();
      return { status: response.status, json: {} };
    }
    const json: unknown = JSON.parse(await boundedText(response));
    if (typeof json !== "object" || json === null) throw new Error("no object");
    return { status: 200, json: json as Record<string, unknown> };
  } catch (error) {
    throw unavailable(`${url}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function boundedText({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = "";
  let bytes = 0;
  for (;;) {
    const part = await reader?.read();
    if (part?.value === undefined) return text + decoder.decode();
    bytes += part.value.length;
    if (bytes > ANSWER_BYTES_MAX) {
      await reader?.cancel();
      throw new Error("too large");
    }
    text += decoder.decode(part.value, { stream: true });
  }
}

/** The same as a form of this client (RFC 6749 §2.3.1). */
export const askAsClient = (
  asker: Asker,
  url: string,
  client: { id: string; secret: string },
  fields: Record<string, string>,
) =>
  ask(asker, url, {
    method: "POST",
    headers: {
      authorization: `Basic ${btoa(`${formPart(client.id)}:${formPart(client.secret)}`)}`,
    },
    body: new URLSearchParams(fields),
  });

const formPart = (text: string): string => new URLSearchParams({ "": text }).toString().slice(1);
