import { decodeProtectedHeader } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { forgeriesOf } from "@/tests/support/jwt-forgeries";
import { AUDIENCE, aKey, anIssuer, bearer, type Issuer, request } from "./an-issuer.js";

let issuer: Issuer;
beforeEach(async () => {
  issuer = await anIssuer();
});

const refused = (reason?: unknown) => ({
  outcome: "refused",
  status: 401,
  code: "invalid_token",
  headers: { "www-authenticate": 'Bearer error="invalid_token"' },
  ...(reason === undefined ? {} : { reason }),
});

describe("an access token (RFC 9068 §4)", () => {
  test("says who asks", async () => {
    const verdict = await issuer.guard().authenticate(bearer(await issuer.token()));
    expect(verdict).toMatchObject({
      outcome: "allowed",
      identity: {
        by: "token",
        subject: "ada",
        kind: "user",
        clientId: "shop",
        scopes: new Set(["orders:read"]),
        organization: undefined,
      },
    });
  });

  test("of a client itself is a service's", async () => {
    const token = await issuer.token({ sub: "shop" });
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject({
      identity: { kind: "service", subject: "shop" },
    });
  });

  test("names who acts for the user", async () => {
    const token = await issuer.token({ act: { sub: "billing" } });
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject({
      identity: { actor: { sub: "billing" } },
    });
  });

  test.each(["ES256", "EdDSA", "Ed25519"])("is taken by %s", async (alg) => {
    const key = await aKey(alg);
    issuer.published = [key.publicJwk];
    const token = await issuer.token({}, {}, key);
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject({ outcome: "allowed" });
  });

  test("by RSA is taken where that is asked for, and not otherwise", async () => {
    const key = await aKey("RS256");
    issuer.published = [key.publicJwk];
    const token = await issuer.token({}, {}, key);
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject(refused());
    const guard = issuer.guard({ algorithms: ["RS256"] });
    expect(await guard.authenticate(bearer(token))).toMatchObject({ outcome: "allowed" });
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["for another audience", { aud: "https://else.example" }, {}],
    ["for nobody in particular", { aud: undefined }, {}],
    ["for an address that begins alike", { aud: `${AUDIENCE}.evil.example` }, {}],
    ["of another issuer", { iss: "https://id.example.com" }, {}],
    ["of no issuer", { iss: undefined }, {}],
    ["that is an id token", {}, { typ: "JWT" }],
    ["of no type", {}, { typ: undefined }],
    ["that is the gateway's", {}, { typ: "gatehouse-assertion+jwt" }],
    ["that is a proof", {}, { typ: "dpop+jwt" }],
    ["without an end", { exp: undefined }, {}],
    ["whose end is no number", { exp: "4102444800" }, {}],
    ["without a beginning", { iat: undefined }, {}],
    ["without an id", { jti: undefined }, {}],
    ["of nobody", { sub: undefined }, {}],
    ["of somebody without a name", { sub: "" }, {}],
    ["of somebody who is a list", { sub: ["ada"] }, {}],
    ["of no client", { client_id: undefined }, {}],
    ["of a client that is a number", { client_id: 7 }, {}],
    ["that is bound to a certificate", { cnf: { "x5t#S256": "x" } }, {}],
    ["that is bound to nothing", { cnf: {} }, {}],
    ["whose binding is null", { cnf: null }, {}],
    ["that is bound to a key", { cnf: { jkt: "x" } }, {}],
  ])("%s is refused", async (_, claims, header) => {
    const token = await issuer.token(claims, header);
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject(refused());
  });

  test("is good until its end and as long beyond as clocks may differ", async () => {
    const token = await issuer.token();
    const guard = issuer.guard();
    issuer.later(604_000);
    expect(await guard.authenticate(bearer(token))).toMatchObject({ outcome: "allowed" });
    issuer.later(1_000);
    expect(await guard.authenticate(bearer(token))).toMatchObject(refused());
  });

  test("of a time to come is good only as far as clocks may differ", async () => {
    const at = issuer.time / 1000;
    const guard = issuer.guard();
    for (const name of ["iat", "nbf"]) {
      const near = await issuer.token({ [name]: at + 5 });
      expect(await guard.authenticate(bearer(near)), name).toMatchObject({ outcome: "allowed" });
      const far = await issuer.token({ [name]: at + 6 });
      expect(await guard.authenticate(bearer(far)), name).toMatchObject(refused());
    }
  });

  test("of more than 8 KB is refused before anything is looked at", async () => {
    const token = await issuer.token({ filling: "x".repeat(8_192) });
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject(refused("too long"));
    expect(issuer.asked).toEqual([]);
  });

  test("that is no JWT is refused where nothing is looked up", async () => {
    expect(await issuer.guard().authenticate(bearer("opaque"))).toMatchObject(refused());
    expect(issuer.asked).toEqual([]);
  });
});

describe("what nobody has signed (ATK-22, RFC 8725)", () => {
  test("is refused in more than forty forms, and what is genuine is taken", async () => {
    const token = await issuer.token();
    const guard = issuer.guard();
    const forgeries = await forgeriesOf({ token, key: issuer.key.publicJwk });
    expect(forgeries.length).toBeGreaterThanOrEqual(40);
    for (const { name, token: forged } of forgeries) {
      const verdict = await guard.authenticate(bearer(forged));
      expect(verdict, name).toMatchObject({ outcome: "refused", status: 401 });
    }
    expect(await guard.authenticate(bearer(token))).toMatchObject({ outcome: "allowed" });
    // None of them has made the guard ask anybody else.
    expect(new Set(issuer.asked)).toEqual(new Set(["/oidc/jwks"]));
  });

  test("is refused by a key whose algorithm is another", async () => {
    // The same curve and key, published for something else.
    issuer.published = [{ ...issuer.key.publicJwk, alg: "ES384" }];
    expect(await issuer.guard().authenticate(bearer(await issuer.token()))).toMatchObject(
      refused(),
    );
  });

  test.each<[string, Record<string, unknown>]>([
    ["is for encryption", { use: "enc" }],
    ["is private", { d: "AAAA" }],
    ["is a secret", { kty: "oct", k: "AAAA" }],
    ["has no id", { kid: undefined }],
    ["is no point of its curve", { x: "AAAA" }],
  ])("is not verified by a published key that %s", async (_, change) => {
    const usable = await aKey();
    issuer.published = [{ ...issuer.key.publicJwk, ...change }, usable.publicJwk];
    expect(await issuer.guard().authenticate(bearer(await issuer.token()))).toMatchObject(
      refused(),
    );
    const other = await issuer.token({}, {}, usable);
    issuer.later(31_000);
    expect(await issuer.guard().authenticate(bearer(other))).toMatchObject({ outcome: "allowed" });
  });

  test("names its key by an id alone", async () => {
    const token = await issuer.token({}, { kid: undefined });
    expect(decodeProtectedHeader(token).kid).toBeUndefined();
    expect(await issuer.guard().authenticate(bearer(token))).toMatchObject(refused("no key id"));
  });
});

describe("a request without a token", () => {
  test.each([
    ["nothing", {}],
    ["a name and a password", { authorization: "Basic eDp5" }],
    ["a scheme alone", { authorization: "Bearer" }],
    ["two tokens", { authorization: "Bearer a.b.c, Bearer d.e.f" }],
    ["a cookie", { cookie: "token=a.b.c" }],
  ])("brings %s, and is told of no error (RFC 6750 §3.1)", async (_, headers) => {
    const verdict = await issuer.guard().authenticate(request(headers));
    expect(verdict).toMatchObject({
      status: 401,
      code: "credentials_missing",
      headers: {
        "www-authenticate": 'Bearer, DPoP algs="ES256 EdDSA Ed25519"',
        "cache-control": "no-store",
      },
    });
  });

  test("whose address has one is told the same", async () => {
    const path = `/orders?access_token=${await issuer.token()}`;
    const verdict = await issuer.guard().authenticate(request({}, { path }));
    expect(verdict).toMatchObject({ code: "credentials_missing" });
  });

  test("is told of no proofs where none are taken", async () => {
    const verdict = await issuer.guard({ publicUrl: undefined }).authenticate(request());
    expect(verdict).toMatchObject({ headers: { "www-authenticate": "Bearer" } });
  });
});

test("an answer tells a stranger its code, and the log what was wrong", async () => {
  const told: string[] = [];
  const guard = issuer.guard({ onRefused: ({ code, reason }) => told.push(`${code}: ${reason}`) });
  const verdict = await guard.authenticate(bearer(await issuer.token({ aud: "x" })));
  expect(verdict).toMatchObject({ headers: { "content-type": "application/problem+json" } });
  expect(JSON.parse((verdict as { body: string }).body)).toEqual({
    type: "about:blank",
    status: 401,
    title: "The access token is not accepted",
    code: "invalid_token",
  });
  expect(told).toEqual(['invalid_token: unexpected "aud" claim value']);
});
