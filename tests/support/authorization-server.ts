import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, vi } from "vitest";
import { answerFastLane } from "@/app/fast-lane";
import { createClient, type NewClient } from "@/lib/oidc/create-client";
import { getConfig } from "@/lib/platform/config";
import { pool } from "@/lib/platform/db/pool";
import { aRequest } from "@/tests/support/builders";

/**
 * Serves the machine paths on a port of this machine for the tests of one file,
 * the way `npm start` does. Clients reach them under APP_URL, whose requests
 * `serverFetch` sends there.
 * A program of its own is told the port. After `restart` the same port is served by a
 * program that was loaded anew and remembers nothing of what the former one did.
 */
export function serveMachinePaths(): typeof fetch & {
  port: () => number;
  restart: () => Promise<void>;
} {
  let server: Server;
  let answer = answerFastLane;
  let port = 0;
  beforeAll(async () => {
    server = createServer((request, response) => {
      answer(request, response).then(
        (answered) => {
          if (!answered) response.writeHead(404).end();
        },
        (error: unknown) => {
          response.writeHead(500).end(String(error));
        },
      );
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    port = (server.address() as AddressInfo).port;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  const serverFetch: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== getConfig().origin) throw new Error(`${url.origin} is not ours`);
    url.host = `127.0.0.1:${port}`;
    return fetch(url, { redirect: "manual", ...init });
  };
  const restart = async () => {
    const former = pool();
    Reflect.deleteProperty(globalThis, "__gatehouse");
    vi.resetModules();
    await former.end();
    ({ answerFastLane: answer } = await import("@/app/fast-lane"));
  };
  return Object.assign(serverFetch, { port: () => port, restart });
}

/** A registered client; its secret is empty for a kind that has none. */
export async function aClient(client: NewClient): Promise<{ clientId: string; secret: string }> {
  const result = await createClient({ kind: "operator", request: aRequest() }, client);
  if (result.outcome !== "created") throw new Error(JSON.stringify(result));
  return { clientId: result.client.id, secret: result.secret ?? "" };
}

export const basic = (clientId: string, secret: string): string =>
  `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString("base64")}`;

/** A form to an endpoint of the authorization server, and its JSON answer. */
export async function post(
  send: typeof fetch,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const response = await send(`${getConfig().origin}/oidc${path}`, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers,
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
  };
}
