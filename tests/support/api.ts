import { answerApiRequest } from "@/app/api/dispatch";
import { getConfig } from "@/lib/platform/config";
import { aRequest } from "@/tests/support/builders";

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  // biome-ignore lint/suspicious/noExplicitAny: what an outside client gets has no type of ours
  body: any;
}

/** Sends what a browser page of ours would send: the session's cookie and our own origin. */
export async function send(
  cookie: string | null,
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const url = new URL(target, getConfig().appUrl);
  const all: Record<string, string | undefined> = {
    origin: url.origin,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
  const reply = await answerApiRequest({
    method,
    path: url.pathname,
    query: url.searchParams,
    facts: aRequest(),
    header: (name) => all[name] ?? null,
    cookie: (name) => (name === "gatehouse_session" ? (cookie ?? undefined) : undefined),
    text: async () => (typeof body === "string" ? body : JSON.stringify(body)),
  });
  return { ...reply, body: reply.body === null ? null : JSON.parse(reply.body) };
}
