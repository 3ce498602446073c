import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { getConfig } from "@/lib/platform/config";
import { prisma } from "@/lib/platform/db/client";
import { aClient, basic, post, serveMachinePaths } from "@/tests/support/authorization-server";
import { aSession, aUser } from "@/tests/support/builders";
import {
  NATIVE_ALLOWED,
  NATIVE_MUTATIONS,
  NATIVE_REGISTERED,
  REDIRECT_URI_MUTATIONS,
  REGISTERED,
} from "@/tests/support/redirect-uri-corpus";
import { aPkce, authorizationUrl, Browser } from "@/tests/support/relying-party";

const send = serveMachinePaths();

let web: { clientId: string; secret: string };
let native: string;
let session: string;

beforeAll(async () => {
  const redirectUris = [REGISTERED, `${REGISTERED}?with=query`];
  web = await aClient({ name: "Shop", kind: "web", redirectUris });
  native = (await aClient({ name: "Notes", kind: "native", redirectUris: NATIVE_REGISTERED }))
    .clientId;
  session = await aSession((await aUser()).id);
});

// More requests than one source has in a minute.
beforeEach(() => prisma().rateLimit.deleteMany());

test("there are at least sixty, each once", () => {
  expect(new Set(REDIRECT_URI_MUTATIONS).size).toBe(REDIRECT_URI_MUTATIONS.length);
  expect(REDIRECT_URI_MUTATIONS.length).toBeGreaterThanOrEqual(60);
});

const authorize = (clientId: string, parameters: Record<string, string | null>) =>
  new Browser(send, session).get(authorizationUrl(clientId, aPkce(), parameters));

/** The answer leads nowhere: neither by its header nor by a form or a script in its page. */
async function expectNowhere(response: Response, uri: string | null): Promise<void> {
  expect([uri, response.status]).toEqual([uri, 400]);
  expect(response.headers.get("location")).toBeNull();
  expect(await response.text()).not.toMatch(/<form|<script|http-equiv/i);
}

/** A refusal that would be told to the client is told nobody either, where the address is wrong. */
const REFUSED_ANYWAY: Record<string, string | null>[] = [
  {},
  { response_type: "token" },
  { code_challenge: null, code_challenge_method: null },
  { prompt: "none" },
  { response_mode: "form_post" },
];

async function push(clientId: string, secret: string | null, uri: string | null) {
  const { challenge } = aPkce();
  const fields = {
    client_id: clientId,
    response_type: "code",
    scope: "openid",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...(uri === null ? {} : { redirect_uri: uri }),
  };
  return secret === null
    ? post(send, "/request", fields)
    : post(send, "/request", fields, { authorization: basic(clientId, secret) });
}

describe("an address that is not registered (ATK-24, RFC 9700 §4.1.3)", () => {
  test.each(REDIRECT_URI_MUTATIONS)(
    "%j is sent nothing by the authorization endpoint (oidcc-ensure-registered-redirect-uri)",
    async (redirect_uri) => {
      for (const others of REFUSED_ANYWAY) {
        await expectNowhere(
          await authorize(web.clientId, { ...others, redirect_uri }),
          redirect_uri,
        );
      }
    },
  );

  test.each(REDIRECT_URI_MUTATIONS)("%j is not pushed (RFC 9126 §2.1)", async (uri) => {
    const answer = await push(web.clientId, web.secret, uri);
    expect([uri, answer.status]).toEqual([uri, 400]);
    expect(answer.body["request_uri"]).toBeUndefined();
  });

  test("none of them redeems a code, and none of them uses it up (RFC 6749 §4.1.3)", async () => {
    const { challenge, verifier } = aPkce();
    const end = await new Browser(send, session).authorize(
      authorizationUrl(web.clientId, { challenge, verifier }),
    );
    const code = end.searchParams.get("code") ?? "";
    const redeem = (uri: string | null) =>
      post(
        send,
        "/token",
        {
          grant_type: "authorization_code",
          code,
          code_verifier: verifier,
          ...(uri === null ? {} : { redirect_uri: uri }),
        },
        { authorization: basic(web.clientId, web.secret) },
      );
    for (const uri of REDIRECT_URI_MUTATIONS) {
      const { status, body } = await redeem(uri);
      expect([uri, status, body["access_token"]]).toEqual([uri, 400, undefined]);
    }
    expect((await redeem(REGISTERED)).status).toBe(200);
  });

  test("a pushed address is not replaced by one beside its request_uri", async () => {
    const { body } = await push(web.clientId, web.secret, REGISTERED);
    const url = new URL(`${getConfig().origin}/oidc/auth`);
    url.search = new URLSearchParams({
      client_id: web.clientId,
      request_uri: String(body["request_uri"]),
      redirect_uri: "https://evil.example/",
    }).toString();
    const end = await new Browser(send, session).authorize(url.href);
    expect([REGISTERED, null]).toContain(
      end.origin === getConfig().origin ? null : `${end.origin}${end.pathname}`,
    );
  });
});

describe("a native app (RFC 8252 §7, §8.3)", () => {
  test.each(NATIVE_ALLOWED)("%s is answered, and pushed", async (redirect_uri) => {
    const response = await authorize(native, { redirect_uri, prompt: "none" });
    expect(response.headers.get("location")?.startsWith(`${redirect_uri}?error=`)).toBe(true);
    expect((await push(native, null, redirect_uri)).status).toBe(201);
  });

  test.each(NATIVE_MUTATIONS)("%s is neither answered nor pushed", async (redirect_uri) => {
    for (const others of REFUSED_ANYWAY) {
      await expectNowhere(await authorize(native, { ...others, redirect_uri }), redirect_uri);
    }
    expect((await push(native, null, redirect_uri)).status).toBe(400);
  });

  test("localhost is free of its port too, for an app that registered it", async () => {
    const redirectUris = ["http://localhost/callback"];
    const { clientId } = await aClient({ name: "Old", kind: "native", redirectUris });
    const redirect_uri = "http://localhost:51004/callback";
    const response = await authorize(clientId, { redirect_uri, prompt: "none" });
    expect(response.headers.get("location")).toMatch(/^http:\/\/localhost:51004\/callback\?error=/);
    for (const other of ["http://127.0.0.1:51004/callback", "http://localhost:51004/"]) {
      await expectNowhere(await authorize(clientId, { redirect_uri: other }), other);
    }
  });

  test("the token endpoint takes the very port that was asked with, and no other", async () => {
    const redirect_uri = "http://127.0.0.1:51004/callback";
    const { challenge, verifier } = aPkce();
    const end = await new Browser(send, session).authorize(
      authorizationUrl(native, { challenge, verifier }, { redirect_uri }),
    );
    const code = end.searchParams.get("code") ?? "";
    const redeem = (uri: string) =>
      post(send, "/token", {
        grant_type: "authorization_code",
        client_id: native,
        code,
        code_verifier: verifier,
        redirect_uri: uri,
      });
    for (const other of ["http://127.0.0.1:51005/callback", ...NATIVE_MUTATIONS]) {
      expect([other, (await redeem(other)).status]).toEqual([other, 400]);
    }
    expect((await redeem(redirect_uri)).status).toBe(200);
  });

  test("the port of a web or single-page client's address is not free", async () => {
    const registered = "http://localhost:5173/callback";
    for (const kind of ["web", "single_page"] as const) {
      const { clientId } = await aClient({ name: "Local", kind, redirectUris: [registered] });
      for (const other of ["http://localhost:5174/callback", "http://localhost/callback"]) {
        await expectNowhere(await authorize(clientId, { redirect_uri: other }), other);
      }
    }
  });
});
