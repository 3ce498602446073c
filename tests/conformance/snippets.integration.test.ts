import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Auth, type AuthConfig, customFetch } from "@auth/core";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SnippetFacts, snippetsFor } from "@/components/admin/client-snippets";
import { getConfig } from "@/lib/platform/config";
import type { ClientKind } from "@/lib/shared/client-kind";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import { Browser } from "@/tests/support/relying-party";

// What a client's page gives to paste is run as it stands there, by the library
// that it is for. Only where requests go is ours: the tests serve APP_URL elsewhere.

const send = serveMachinePaths();
const APP = "https://app.example";
const AUTH_JS_CALLBACK = `${APP}/api/auth/callback/gatehouse`;

let user: Awaited<ReturnType<typeof aUser>>;
let session: string;

beforeAll(async () => {
  user = await aUser();
  session = await aSession(user.id);
});

async function factsFor(kind: ClientKind, redirectUri: string): Promise<SnippetFacts> {
  const scopes = kind === "service" ? (["api:read"] as const) : [];
  const { clientId, secret } = await aClient({
    name: "Snippet",
    kind,
    redirectUris: redirectUri === "" ? [] : [redirectUri],
    scopes: [...scopes],
  });
  return {
    issuer: `${getConfig().origin}/oidc`,
    api: `${getConfig().origin}/api/v1`,
    clientId,
    secret: secret === "" ? null : secret,
    kind,
    signs: false,
    redirectUri,
    scopes: [...scopes],
    idTokenAlgorithm: "ES256",
  };
}

function codeOf(facts: SnippetFacts, title: string): string {
  const found = snippetsFor(facts).find((snippet) => snippet.title === title);
  if (!found) throw new Error(`there is no snippet for ${title}`);
  return found.code;
}

/** Runs lines of a module whose imports are given instead; answers what `result` names. */
async function run(
  code: string,
  given: Record<string, unknown>,
  result: string,
): Promise<Record<string, unknown>> {
  const lines = code.replaceAll(/^import .*$/gm, "").replaceAll(/^export /gm, "");
  const AsyncFunction = (async () => {}).constructor as new (
    ...args: string[]
  ) => (...values: unknown[]) => Promise<Record<string, unknown>>;
  return new AsyncFunction(...Object.keys(given), `${lines}\nreturn ${result};`)(
    ...Object.values(given),
  );
}

/** openid-client, but for where its requests go. */
const openidClient = {
  ...oidc,
  discovery: (
    server: URL,
    clientId: string,
    secret?: string,
    authentication?: oidc.ClientAuth,
    options?: oidc.DiscoveryRequestOptions,
  ) =>
    oidc.discovery(server, clientId, secret, authentication, {
      ...options,
      [oidc.customFetch]: send as oidc.CustomFetch,
    }),
};
const silence = { log: () => undefined };

describe("openid-client", () => {
  const HALF = "// At the redirect URI";

  test.each(["web", "single_page", "native"] as const)("signs in to a %s app", async (kind) => {
    const redirectUri = kind === "native" ? "http://127.0.0.1:9999/cb" : `${APP}/callback`;
    const code = codeOf(await factsFor(kind, redirectUri), "openid-client");
    const given = { oidc: openidClient, console: silence };
    const sent = await run(
      code.slice(0, code.indexOf(HALF)),
      given,
      "{ config, verifier, state, url }",
    );
    const callback = await new Browser(send, session).authorize(String(sent["url"]));
    expect(callback.href.startsWith(redirectUri)).toBe(true);
    const { claims } = await run(
      code.slice(code.indexOf(HALF)),
      { ...given, ...sent, callback },
      "{ claims: tokens.claims() }",
    );
    expect(claims).toMatchObject({ sub: user.id });
  });

  test("gets a service its token", async () => {
    const code = codeOf(await factsFor("service", ""), "openid-client");
    const { tokens } = await run(code, { oidc: openidClient, console: silence }, "{ tokens }");
    expect(tokens).toMatchObject({ token_type: "bearer", scope: "api:read" });
  });
});

/** An app with Auth.js and the browser that is at it, which keeps its cookies. */
function authJsApp(config: AuthConfig) {
  const jar = new Map<string, string>();
  for (const provider of config.providers) Object.assign(provider, { [customFetch]: send });
  return async (url: string, body?: URLSearchParams): Promise<Response> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const request = new Request(new URL(url, APP), {
      headers: { cookie },
      ...(body && { method: "POST", body }),
    });
    const response = await Auth(request, {
      ...config,
      secret: "a-secret-of-the-app-that-is-long-enough",
      basePath: "/api/auth",
      trustHost: true,
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    return response;
  };
}

test("Auth.js has a session with the name and the address of who signed in", async () => {
  const code = codeOf(await factsFor("web", AUTH_JS_CALLBACK), "Auth.js");
  const NextAuth = (config: AuthConfig) => ({ handlers: config });
  const { handlers } = await run(code, { NextAuth }, "{ handlers }");
  const app = authJsApp(handlers as AuthConfig);

  const { csrfToken } = (await (await app("/api/auth/csrf")).json()) as { csrfToken: string };
  const begun = await app("/api/auth/signin/gatehouse", new URLSearchParams({ csrfToken }));
  const callback = await new Browser(send, session).authorize(begun.headers.get("location") ?? "");
  expect(`${callback.origin}${callback.pathname}`).toBe(AUTH_JS_CALLBACK);
  await app(callback.href);

  const { user: known } = (await (await app("/api/auth/session")).json()) as { user?: unknown };
  expect(known).toMatchObject({ name: expect.stringMatching(/^User \d+$/), email: user.email });
});

describe("curl", () => {
  const home = mkdtempSync(path.join(tmpdir(), "gatehouse-curl-"));
  afterAll(() => rmSync(home, { recursive: true }));

  test("gets a service its token", async () => {
    const code = codeOf(await factsFor("service", ""), "curl");
    // The tests serve APP_URL on another port: curl reads here where that is.
    const { host } = new URL(getConfig().origin);
    writeFileSync(path.join(home, ".curlrc"), `connect-to = "${host}:127.0.0.1:${send.port()}"\n`);
    const { stdout } = await promisify(execFile)("sh", ["-c", code], {
      env: { ...process.env, CURL_HOME: home },
    });
    expect(JSON.parse(stdout)).toMatchObject({ token_type: "Bearer", scope: "api:read" });
  });
});
