import { createHash, randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import type pg from "pg";
import { running } from "./environment";

/** An app on this machine, as native apps are: it waits for the browser at a port of its own. */
export async function anApp(database: pg.Pool) {
  const clientId = randomUUID();
  await database.query(
    `INSERT INTO oidc_clients (id, name, kind, auth_method, redirect_uris, scopes)
     VALUES ($1, 'Field notes', 'native', 'none', '{http://127.0.0.1/callback}', '{}')`,
    [clientId],
  );
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<!doctype html><title>Field notes</title><h1>Back in the app</h1>");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const verifier = randomBytes(32).toString("base64url");
  const url = new URL(`${running().url}/oidc/auth`);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: "openid email",
    state: "a-state",
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  return {
    url: url.href,
    close: () => {
      server.close();
    },
    async redeem(page: Page): Promise<Record<string, unknown>> {
      const code = new URL(page.url()).searchParams.get("code") ?? "";
      const answer = await fetch(`${running().url}/oidc/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "authorization_code",
          client_id: clientId,
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }),
      });
      return (await answer.json()) as Record<string, unknown>;
    },
  };
}
