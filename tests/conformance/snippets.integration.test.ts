import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Auth, type AuthConfig, customFetch } from "@auth/core";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { snippetsFor } from "@/components/admin/client-snippets";
import type { SnippetFacts } from "@/components/admin/snippets/facts";
import { answerDevice, findDevice } from "@/lib/oidc/device-requests";
import { getConfig } from "@/lib/platform/config";
import type { ClientKind } from "@/lib/shared/client-kind";
import { aClient, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser, callerWith } from "@/tests/support/builders";
import { aPkce, Browser } from "@/tests/support/relying-party";

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

async function factsFor(
  kind: ClientKind,
  redirectUri: string,
  scopes: string[] = kind === "service" ? ["api:read"] : [],
): Promise<SnippetFacts> {
  const { clientId, secret } = await aClient({
    name: "Snippet",
    kind,
    redirectUris: redirectUri === "" ? [] : [redirectUri],
    scopes,
  });
  return {
    issuer: `${getConfig().origin}/oidc`,
    api: `${getConfig().origin}/api/v1`,
    clientId,
    secret: secret === "" ? null : secret,
    kind,
    signs: false,
    redirectUri,
    scopes,
    idTokenAlgorithm: "ES256",
  };
}

function codeOf(facts: SnippetFacts, name: string): string {
  const found = snippetsFor(facts).find((snippet) => snippet.name === name);
  if (!found) throw new Error(`there is no snippet for ${name}`);
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

  /** Both halves of the snippet, with the browser of `user` between: who it says that is, and what it printed. */
  async function signIn(facts: SnippetFacts) {
    const code = codeOf(facts, "openid-client");
    const said: unknown[][] = [];
    const given = { oidc: openidClient, console: { log: (...line: unknown[]) => said.push(line) } };
    const sent = await run(
      code.slice(0, code.indexOf(HALF)),
      given,
      "{ config, verifier, state, url }",
    );
    const callback = await new Browser(send, session).authorize(String(sent["url"]));
    expect(callback.href.startsWith(facts.redirectUri)).toBe(true);
    const rest = code.slice(code.indexOf(HALF));
    const { person } = await run(rest, { ...given, ...sent, callback }, "{ person }");
    return { person, said };
  }

  const KINDS = ["web", "single_page", "native"] as const;
  const callbackOf = (kind: ClientKind) =>
    kind === "native" ? "http://127.0.0.1:9999/cb" : `${APP}/callback`;

  test.each(KINDS)("signs in to a %s app, which is told name and address", async (kind) => {
    const { person } = await signIn(await factsFor(kind, callbackOf(kind)));
    expect(person).toMatchObject({ sub: user.id, email: user.email, name: expect.any(String) });
  });

  test.each(KINDS)("gets a %s app a token by which it calls the API for its user", async (kind) => {
    const facts = await factsFor(kind, callbackOf(kind), ["api:read"]);
    const { person, said } = await signIn(facts);
    expect(person).toMatchObject({ sub: user.id, email: user.email, name: expect.any(String) });
    expect(said.at(-1)).toEqual([200, expect.objectContaining({ email: user.email })]);
  });

  test("gets a service its token", async () => {
    const code = codeOf(await factsFor("service", ""), "openid-client");
    const { tokens, answer } = await run(
      code,
      { oidc: openidClient, console: silence },
      "{ tokens, answer }",
    );
    expect(tokens).toMatchObject({ token_type: "bearer", scope: "api:read" });
    // The token is good, and its service has no role yet.
    expect(answer).toMatchObject({ status: 403 });
  });

  test("signs somebody in on a device, and calls the API for them", async () => {
    const code = codeOf(await factsFor("native", "", ["api:read"]), "openid-client");
    const said: unknown[][] = [];
    const allowOnce = {
      ...openidClient,
      pollDeviceAuthorizationGrant: async (
        config: oidc.Configuration,
        device: oidc.DeviceAuthorizationResponse,
        parameters?: Record<string, string>,
      ) => {
        const caller = await callerWith(session);
        const found = await findDevice(caller, device.user_code);
        if (found.outcome === "found") await answerDevice(caller, found.handle, true);
        return oidc.pollDeviceAuthorizationGrant(config, device, parameters);
      },
    };
    await run(
      code,
      { oidc: allowOnce, console: { log: (...line: unknown[]) => said.push(line) } },
      "{}",
    );
    expect(said.at(-1)).toEqual([200, expect.objectContaining({ email: user.email })]);
  });
});

/** An app with Auth.js and the browser that is at it, which keeps its cookies. */
function authJsApp(config: AuthConfig) {
  const jar = new Map<string, string>();
  for (const provider of config.providers) {
    if (!(customFetch in provider)) Object.assign(provider, { [customFetch]: send });
  }
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

/** Signs `user` in to an app that this snippet makes; its session, and its configuration as it was run. */
async function signInByAuthJs(facts: SnippetFacts) {
  const code = codeOf(facts, "Auth.js");
  const NextAuth = (config: AuthConfig) => ({ handlers: config });
  const { handlers } = await run(code, { NextAuth, customFetch, fetch: send }, "{ handlers }");
  const config = handlers as AuthConfig;
  const kept: Record<string, unknown>[] = [];
  const { jwt } = config.callbacks ?? {};
  if (jwt) {
    config.callbacks = {
      ...config.callbacks,
      jwt: async (given) => {
        const token = await jwt(given);
        kept.push(token ?? {});
        return token;
      },
    };
  }
  const app = authJsApp(config);
  const { csrfToken } = (await (await app("/api/auth/csrf")).json()) as { csrfToken: string };
  const begun = await app("/api/auth/signin/gatehouse", new URLSearchParams({ csrfToken }));
  const callback = await new Browser(send, session).authorize(begun.headers.get("location") ?? "");
  expect(`${callback.origin}${callback.pathname}`).toBe(AUTH_JS_CALLBACK);
  await app(callback.href);
  const { user: known } = (await (await app("/api/auth/session")).json()) as { user?: unknown };
  return { known, kept };
}

test("Auth.js has a session with the name and the address of who signed in", async () => {
  const { known } = await signInByAuthJs(await factsFor("web", AUTH_JS_CALLBACK));
  expect(known).toMatchObject({ name: expect.stringMatching(/^User \d+$/), email: user.email });
});

test("Auth.js keeps a token by which the app calls the API, where the client may", async () => {
  const facts = await factsFor("web", AUTH_JS_CALLBACK, ["api:read"]);
  const { known, kept } = await signInByAuthJs(facts);
  expect(known).toMatchObject({ name: expect.stringMatching(/^User \d+$/), email: user.email });
  const answer = await send(`${facts.api}/me`, {
    headers: { authorization: `Bearer ${String(kept[0]?.["apiToken"])}` },
  });
  expect(answer.status).toBe(200);
});

describe("curl", () => {
  const home = mkdtempSync(path.join(tmpdir(), "gatehouse-curl-"));
  afterAll(() => rmSync(home, { recursive: true }));

  /** What a shell prints that runs this, and is typed `input`. */
  async function shell(code: string, input = ""): Promise<string> {
    // The tests serve APP_URL on another port: curl reads here where that is.
    const { host } = new URL(getConfig().origin);
    writeFileSync(path.join(home, ".curlrc"), `connect-to = "${host}:127.0.0.1:${send.port()}"\n`);
    const running = promisify(execFile)("sh", ["-c", code], {
      env: { ...process.env, CURL_HOME: home },
    });
    running.child.stdin?.end(`${input}\n`);
    return (await running).stdout;
  }

  const THEN = "# With the access_token";

  test("gets a service its token, and calls the API with it", async () => {
    const code = codeOf(await factsFor("service", ""), "curl");
    const tokens = JSON.parse(await shell(code.slice(0, code.indexOf(THEN)))) as {
      access_token: string;
    };
    expect(tokens).toMatchObject({ token_type: "Bearer", scope: "api:read" });
    const answer = await shell(code.slice(code.indexOf(THEN)), tokens.access_token);
    // The token is good, and its service has no role yet.
    expect(JSON.parse(answer)).toMatchObject({ code: "forbidden" });
  });

  test.each([
    ["userinfo who somebody is", []],
    ["the API", ["api:read"]],
  ] as [string, string[]][])("asks %s after a sign-in", async (_what, scopes) => {
    const code = codeOf(await factsFor("web", `${APP}/callback`, scopes), "curl");
    const [begin = "", redeem = "", call = ""] = code.split(/^read -r \w+$/m);
    const asked = (await shell(begin)).trim();
    const url = new URL(asked);
    // A verifier that this test knows: the one of the shell has ended with it.
    const pkce = aPkce();
    url.searchParams.set("code_challenge", pkce.challenge);
    const callback = await new Browser(send, session).authorize(url.href);
    const answer = await shell(
      `VERIFIER=${pkce.verifier}\nread -r CODE\n${redeem}`,
      callback.searchParams.get("code") ?? "",
    );
    const { access_token: token } = JSON.parse(answer) as { access_token: string };
    expect(JSON.parse(await shell(`read -r TOKEN\n${call}`, token))).toMatchObject({
      email: user.email,
    });
  });
});
