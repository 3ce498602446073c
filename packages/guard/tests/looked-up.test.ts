import { calculateJwkThumbprint } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { AUDIENCE, aKey, anIssuer, bearer, ISSUER, type Issuer, request } from "./an-issuer.js";

let issuer: Issuer;
let sent: { authorization: string | null; body: string }[];
beforeEach(async () => {
  issuer = await anIssuer();
  sent = [];
});

const PATH = "/oidc/token/introspection";
const client = { id: "orders:1", secret: "s e%" };
const guard = (when: "opaque" | "always", more = {}) =>
  issuer.guard({ client, introspection: { when, ...more } });

/** Introspection answers this from now on. */
function answers(answer: unknown, status = 200): void {
  issuer.answers[PATH] = (_, { headers, body }) => {
    sent.push({
      authorization: new Headers(headers).get("authorization"),
      body: String(body as URLSearchParams),
    });
    return Response.json(answer, { status });
  };
}

const found = (more: object = {}) => ({
  active: true,
  iss: ISSUER,
  sub: "ada",
  client_id: "shop",
  scope: "orders:read",
  aud: AUDIENCE,
  ...more,
});
const times = () => issuer.asked.filter((path) => path === PATH).length;

describe("a token that is no JWT is looked up (RFC 7662)", () => {
  test("by this service's own client, and who asks is what the answer says", async () => {
    answers(found());
    expect(await guard("opaque").authenticate(bearer("opaque"))).toMatchObject({
      outcome: "allowed",
      identity: { by: "token", subject: "ada", clientId: "shop" },
    });
    const basic = Buffer.from("orders%3A1:s+e%25").toString("base64");
    expect(sent).toEqual([
      { authorization: `Basic ${basic}`, body: "token=opaque&token_type_hint=access_token" },
    ]);
  });

  test.each<[string, object]>([
    ["not active", { active: false }],
    ["of another issuer", { iss: "https://evil.example" }],
    ["for nobody in particular", { aud: undefined }],
    ["for somebody else", { aud: ["https://else.example"] }],
    ["of nobody", { sub: undefined }],
    ["of no client", { client_id: undefined }],
    ["over", { exp: 1 }],
    ["without a real end", { exp: "never" }],
    ["bound to a certificate", { cnf: { "x5t#S256": "x" } }],
  ])("and refused where it is %s", async (_, change) => {
    answers(found(change));
    expect(await guard("opaque").authenticate(bearer("opaque"))).toMatchObject({
      status: 401,
      code: "invalid_token",
    });
  });

  test.each<[string, unknown, number]>([
    ["that the client is unknown", { error: "invalid_client" }, 401],
    ["a failure", found(), 500],
    ["something else than yes or no", found({ active: "true" }), 200],
    ["a list", [found()], 200],
  ])("and nobody is let in where the answer is %s", async (_, answer, status) => {
    answers(answer, status);
    expect(await guard("opaque").authenticate(bearer("opaque"))).toMatchObject({ status: 503 });
  });

  test("and nobody is let in where it does not come in time", async () => {
    issuer.answers[PATH] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const own = issuer.guard({ client, introspection: { when: "opaque" }, timeoutSeconds: 0.02 });
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ status: 503 });
  });

  test("once in ten seconds, for all who come meanwhile", async () => {
    answers(found());
    const own = guard("opaque");
    await Promise.all(Array.from({ length: 50 }, () => own.authenticate(bearer("opaque"))));
    expect(times()).toBe(1);
    answers({ active: false });
    issuer.later(10_000);
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ outcome: "allowed" });
    issuer.later(1);
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ status: 401 });
    expect(times()).toBe(2);
  });

  test("each time where nothing is to be kept, and always again after a failure", async () => {
    const own = guard("opaque", { cacheSeconds: 0 });
    answers(found());
    await own.authenticate(bearer("opaque"));
    await own.authenticate(bearer("opaque"));
    expect(times()).toBe(2);
    const keeping = guard("opaque");
    answers(found(), 500);
    expect(await keeping.authenticate(bearer("opaque"))).toMatchObject({ status: 503 });
    answers(found());
    expect(await keeping.authenticate(bearer("opaque"))).toMatchObject({ outcome: "allowed" });
  });

  test("and an end that comes while the answer is kept is one", async () => {
    answers(found({ exp: issuer.time / 1000 + 2 }));
    const own = guard("opaque");
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ outcome: "allowed" });
    issuer.later(8_000);
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ status: 401 });
    expect(times()).toBe(1);
  });

  test("and where it is bound to a key, the proof is needed all the same", async () => {
    const key = await aKey();
    answers(found({ cnf: { jkt: await calculateJwkThumbprint(key.publicJwk) } }));
    const own = guard("opaque");
    expect(await own.authenticate(bearer("opaque"))).toMatchObject({ status: 401 });
    const dpop = await issuer.proof("opaque", key);
    const proven = request({ authorization: "DPoP opaque", dpop });
    expect(await own.authenticate(proven)).toMatchObject({ outcome: "allowed" });
  });
});

describe("a JWT", () => {
  test("is looked up as well where that is asked for, once it was verified", async () => {
    answers(found());
    const own = guard("always");
    const token = await issuer.token();
    expect(await own.authenticate(bearer(token))).toMatchObject({ outcome: "allowed" });
    expect(await own.authenticate(bearer(`${token.slice(0, -8)}AAAAAAAA`))).toMatchObject({
      status: 401,
    });
    expect(times()).toBe(1);
    answers({ active: false });
    issuer.later(10_001);
    expect(await own.authenticate(bearer(token))).toMatchObject({
      status: 401,
      code: "invalid_token",
    });
  });

  test("is not looked up otherwise", async () => {
    answers({ active: false });
    expect(await guard("opaque").authenticate(bearer(await issuer.token()))).toMatchObject({
      outcome: "allowed",
    });
    expect(times()).toBe(0);
  });
});
