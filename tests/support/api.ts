import { callApi } from "@/tests/support/call-api";

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client gets has no type of ours
  body: any;
}

/** Sends JSON as somebody signed in would, and reads the answer as JSON, or as the text of a file or a stream. */
export async function send(
  cookie: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  origin?: string,
): Promise<Answer> {
  const reply = await callApi({
    method,
    path,
    cookie: cookie ?? undefined,
    headers,
    ...(origin === undefined ? {} : { origin }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const isJson = /^application\/(?:problem\+|scim\+)?json/.test(
    String(reply.headers["content-type"]),
  );
  if (reply.body && !isJson) return reply;
  return { ...reply, body: reply.body ? JSON.parse(reply.body) : null };
}
