import { expect } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { basic, post } from "@/tests/support/authorization-server";
import { aPkce, authorizationUrl, Browser, CALLBACK } from "@/tests/support/relying-party";

export interface FlowClient {
  clientId: string;
  /** Empty for a client that has none. */
  secret: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}

export interface Redemption {
  code: string;
  verifier: string;
}

/** Signs the user of a session in to a client that has a secret: the browser that did, and the ID token. */
export async function signInTo(
  send: typeof fetch,
  session: string,
  { clientId, secret }: FlowClient,
): Promise<{ browser: Browser; idToken: string }> {
  const browser = new Browser(send, session);
  const pkce = aPkce();
  const end = await browser.authorize(authorizationUrl(clientId, pkce));
  const { body } = await post(
    send,
    "/token",
    {
      grant_type: "authorization_code",
      redirect_uri: CALLBACK,
      code: end.searchParams.get("code") ?? "",
      code_verifier: pkce.verifier,
    },
    { authorization: basic(clientId, secret) },
  );
  return { browser, idToken: String(body["id_token"]) };
}

/** The code flow of one client as an outside program goes through it, step by step. */
export function codeFlow(send: typeof fetch, client: () => FlowClient) {
  const auth = (): Record<string, string> => {
    const { clientId, secret } = client();
    return secret === "" ? {} : { authorization: basic(clientId, secret) };
  };
  const own = (): Record<string, string> =>
    client().secret === "" ? { client_id: client().clientId } : {};

  /** Where an authorization request ends; null leaves a parameter out. */
  async function request(cookie: string | null, parameters: Record<string, string | null> = {}) {
    const pkce = aPkce();
    const end = await new Browser(send, cookie).authorize(
      authorizationUrl(client().clientId, pkce, parameters),
    );
    return { end, code: end.searchParams.get("code") ?? "", verifier: pkce.verifier };
  }

  /** The same, and it has to end in a code at the client. */
  async function aCode(cookie: string, parameters: Record<string, string | null> = {}) {
    const { end, code, verifier } = await request(cookie, parameters);
    expect([end.origin, end.searchParams.get("error")]).toEqual(["https://app.example", null]);
    expect(end.searchParams.get("state")).toBe("a-state");
    expect(end.searchParams.get("iss")).toBe(`${getConfig().origin}/oidc`);
    return { code, verifier };
  }

  const redeem = (
    { code, verifier }: Redemption,
    fields: Record<string, string> = {},
    headers: Record<string, string> = auth(),
  ): Promise<Answer> =>
    post(
      send,
      "/token",
      {
        grant_type: "authorization_code",
        redirect_uri: CALLBACK,
        code,
        code_verifier: verifier,
        ...own(),
        ...fields,
      },
      headers,
    );

  const refresh = (
    refreshToken: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = auth(),
  ): Promise<Answer> =>
    post(
      send,
      "/token",
      { grant_type: "refresh_token", refresh_token: refreshToken, ...own(), ...fields },
      headers,
    );

  /** Tokens with a refresh token, for somebody who allows it. */
  async function tokens(cookie: string, parameters: Record<string, string | null> = {}) {
    const given = await aCode(cookie, {
      scope: "openid offline_access",
      prompt: "consent",
      ...parameters,
    });
    const resource = parameters["resource"];
    const { status, body } = await redeem(given, resource ? { resource } : {});
    expect([status, body["error"]]).toEqual([200, undefined]);
    return {
      accessToken: String(body["access_token"]),
      refreshToken: String(body["refresh_token"]),
      idToken: String(body["id_token"]),
    };
  }

  const introspect = (token: string): Promise<Answer> =>
    post(send, "/token/introspection", { token }, auth());

  return { request, aCode, redeem, refresh, tokens, introspect, auth };
}
