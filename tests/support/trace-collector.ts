import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";

interface Value {
  stringValue?: string;
  intValue?: number;
  boolValue?: boolean;
}

/** A span as it is in OTLP's JSON. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  attributes: { key: string; value: Value }[];
  links: { traceId: string; spanId: string }[];
  status: { code?: number; message?: string };
}

interface Batch {
  resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
}

export interface TraceCollector {
  url: string;
  readonly spans: ReceivedSpan[];
  /** All that was sent, as it was. */
  readonly bytes: string[];
  readonly headers: IncomingMessage["headers"][];
  /** A status that it answers with; or nothing at all, for good. */
  answer: number | "hangs";
  close(): Promise<void>;
}

export const attributeOf = (span: ReceivedSpan, key: string): string | number | boolean | null => {
  const value = span.attributes.find((attribute) => attribute.key === key)?.value;
  return value?.stringValue ?? value?.intValue ?? value?.boolValue ?? null;
};

/** A collector on this machine that takes OTLP over http, as JSON. */
export async function aTraceCollector(): Promise<TraceCollector> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      collector.bytes.push(body);
      collector.headers.push(request.headers);
      if (collector.answer === "hangs") return;
      if (collector.answer === 200 && request.url === "/v1/traces") {
        const { resourceSpans } = JSON.parse(body) as Batch;
        for (const { scopeSpans } of resourceSpans) {
          collector.spans.push(...scopeSpans.flatMap(({ spans }) => spans));
        }
      }
      response.writeHead(request.url === "/v1/traces" ? collector.answer : 404);
      response.end("{}");
    });
  });
  server.on("connection", (socket) => sockets.add(socket));
  const collector: TraceCollector = {
    url: "",
    spans: [],
    bytes: [],
    headers: [],
    answer: 200,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(collector, { url: `http://127.0.0.1:${port}` });
}
