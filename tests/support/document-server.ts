import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { afterAll, beforeAll } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { aCertificate } from "@/tests/support/certificate";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface DocumentServer {
  /** The address of a document here. */
  url(path: string): string;
  /** What is answered there from now on: JSON, or whatever a function does. */
  put(path: string, answer: object | Answer): void;
  /** How often it was asked for. */
  asked(path: string): number;
}

/**
 * A client's own server on this machine, which an administrator has allowed to be asked;
 * with `secure` by https, with a certificate that this process trusts.
 */
export function serveDocuments({ allowed = true, secure = false } = {}): DocumentServer {
  const answers = new Map<string, object | Answer>();
  const counts = new Map<string, number>();
  let port = 0;
  const certificate = secure ? aCertificate() : null;
  let trusted: string[] = [];
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? "/";
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const answer = answers.get(path);
    if (typeof answer === "function") return (answer as Answer)(request, response);
    response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer ?? {}));
  };
  const server = certificate ? createSecureServer(certificate, listen) : createServer(listen);
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    ({ port } = server.address() as AddressInfo);
    trusted = tls.getCACertificates("default");
    if (certificate) tls.setDefaultCACertificates([...trusted, certificate.cert]);
    if (allowed) getConfig().outboundAllowedHosts.push(`127.0.0.1:${port}`);
  });
  afterAll(async () => {
    tls.setDefaultCACertificates(trusted);
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });
  return {
    url: (path) => `${secure ? "https" : "http"}://127.0.0.1:${port}${path}`,
    put: (path, answer) => {
      answers.set(path, answer);
    },
    asked: (path) => counts.get(path) ?? 0,
  };
}
