import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll } from "vitest";
import { getConfig } from "@/lib/platform/config";

interface Message {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebhookReceiver {
  /** Known once the tests run. */
  url(path?: string): string;
  /** What was posted since the test began. */
  readonly received: Message[];
  /** The status of the next answers, 204 unless a test says otherwise; 0 never answers. */
  status: number;
}

/** A receiver of webhooks on this machine, for the tests of one file. */
export function aWebhookReceiver(): WebhookReceiver {
  let server: Server;
  let port = 0;
  const received: Message[] = [];
  const receiver: WebhookReceiver = {
    url: (path = "/hooks") => `http://127.0.0.1:${port}${path}`,
    received,
    status: 204,
  };
  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
        if (receiver.status !== 0) response.writeHead(receiver.status).end();
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    port = (server.address() as AddressInfo).port;
    Object.assign(getConfig(), { outboundAllowedHosts: [`127.0.0.1:${port}`] });
  });
  afterEach(() => {
    received.length = 0;
    receiver.status = 204;
  });
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return receiver;
}

/** Whether a receiver with this secret takes the message, by the text of Standard Webhooks. */
export function isSignedBy(secret: string, { headers, body }: Message): boolean {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
  const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  const age = Math.abs(Date.now() / 1_000 - Number(headers["webhook-timestamp"]));
  return age < 300 && String(headers["webhook-signature"]).split(" ").includes(expected);
}
