import { calculateJwkThumbprint, exportJWK } from "jose";
import { beforeEach, describe, expect, test } from "vitest";
import { forgeriesOf } from "@/tests/support/jwt-forgeries";
import { replayMemory } from "../src/guard.js";
import { AUDIENCE, aKey, anIssuer, type Issuer, request, type SigningKey } from "./an-issuer.js";

let issuer: Issuer;
let key: SigningKey;
let token: string;
beforeEach(async () => {
  issuer = await anIssuer();
  key = await aKey();
  token = await issuer.token({ cnf: { jkt: await calculateJwkThumbprint(key.publicJwk) } });
});

const bound = (dpop?: string, scheme = "DPoP") =>
  request({ authorization: `${scheme} ${token}`, ...(dpop === undefined ? {} : { dpop }) });
const allowed = { outcome: "allowed", identity: { subject: "ada" } };
const refused = (reason?: string) => ({
  outcome: "refused",
  status: 401,
  code: "invalid_dpop_proof",
  headers: {
    "www-authenticate": 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"',
  },
  ...(reason === undefined ? {} : { reason }),
});

describe("a token that is bound to a key (RFC 9449 §7)", () => {
  test("is taken with a proof once, and with the next one again", async () => {
    const guard = issuer.guard();
    const once = await issuer.proof(token, key);
    expect(await guard.authenticate(bound(once))).toMatchObject(allowed);
    expect(await guard.authenticate(bound(once))).toMatchObject(refused("it was used before"));
    expect(await guard.authenticate(bound(await issuer.proof(token, key)))).toMatchObject(allowed);
  });

  test("of fifty who bring one proof at once, one gets in", async () => {
    const guard = issuer.guard();
    const once = await issuer.proof(token, key);
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, () => guard.authenticate(bound(once))),
    );
    expect(verdicts.filter(({ outcome }) => outcome === "allowed")).toHaveLength(1);
  });

  test("is worth nothing as a bearer token, with or without a proof", async () => {
    const guard = issuer.guard();
    for (const proof of [undefined, await issuer.proof(token, key)]) {
      expect(await guard.authenticate(bound(proof, "Bearer"))).toMatchObject({
        status: 401,
        code: "invalid_token",
      });
    }
  });

  test("is refused where the service does not know its own address", async () => {
    const guard = issuer.guard({ publicUrl: undefined });
    expect(await guard.authenticate(bound(await issuer.proof(token, key)))).toMatchObject({
      status: 401,
      code: "invalid_token",
      headers: { "www-authenticate": 'DPoP error="invalid_token"' },
    });
  });

  test("and one that is not bound is refused with a proof", async () => {
    const plain = await issuer.token();
    const dpop = await issuer.proof(plain, key);
    const sent = request({ authorization: `DPoP ${plain}`, dpop });
    expect(await issuer.guard().authenticate(sent)).toMatchObject({ code: "invalid_token" });
  });
});

describe("a proof is refused", () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ["for another method", { htm: "POST" }, {}],
    ["for a method in small letters", { htm: "get" }, {}],
    ["for no method", { htm: undefined }, {}],
    ["for another path", { htu: `${AUDIENCE}/orders/7` }, {}],
    ["for another host", { htu: "https://billing.example.com/orders" }, {}],
    ["for another scheme", { htu: "http://orders.example.com/orders" }, {}],
    ["for another port", { htu: "https://orders.example.com:8443/orders" }, {}],
    ["for a path alone", { htu: "/orders" }, {}],
    ["for no address", { htu: undefined }, {}],
    ["for an address that is a list", { htu: [`${AUDIENCE}/orders`] }, {}],
    ["for another token", { ath: "x" }, {}],
    ["for no token", { ath: undefined }, {}],
    ["without an id", { jti: undefined }, {}],
    ["with an empty id", { jti: "" }, {}],
    ["with an id that is a number", { jti: 7 }, {}],
    ["without a time", { iat: undefined }, {}],
    ["whose time is a text", { iat: "1767323045" }, {}],
    ["of another type", {}, { typ: "JWT" }],
    ["of no type", {}, { typ: undefined }],
    ["that brings no key", {}, { jwk: undefined }],
    ["that brings a secret", {}, { jwk: { kty: "oct", k: "AAAA" } }],
    [
      "that brings no point of the curve",
      {},
      { jwk: { kty: "EC", crv: "P-256", x: "AA", y: "AA" } },
    ],
    ["that names a key elsewhere", {}, { jwk: undefined, jku: "https://evil.example/jwks" }],
  ])("%s", async (_, claims, header) => {
    const dpop = await issuer.proof(token, key, claims, header);
    expect(await issuer.guard().authenticate(bound(dpop))).toMatchObject(refused());
  });

  test("that is missing, that is none, of more than 4 KB, and when there are two", async () => {
    const good = await issuer.proof(token, key);
    const large = await issuer.proof(token, key, { filling: "x".repeat(4_096) });
    for (const dpop of [undefined, "", "a.b.c", large, `${good}, ${good}`]) {
      expect(await issuer.guard().authenticate(bound(dpop)), dpop).toMatchObject(refused());
    }
  });

  test("by another key, and by one that shows its private half", async () => {
    const guard = issuer.guard();
    const thief = await aKey();
    const jwk = await exportJWK(key.privateKey);
    for (const dpop of [
      await issuer.proof(token, thief),
      await issuer.proof(token, thief, {}, { jwk: key.publicJwk }),
      await issuer.proof(token, key, {}, { jwk }),
    ]) {
      expect(await guard.authenticate(bound(dpop))).toMatchObject(refused());
    }
  });

  test("in every form that nobody has signed (ATK-22)", async () => {
    const guard = issuer.guard();
    const proof = await issuer.proof(token, key);
    for (const { name, token: forged } of await forgeriesOf({ token: proof, key: key.publicJwk })) {
      expect(await guard.authenticate(bound(forged)), name).toMatchObject(refused());
    }
    // What was refused has not used the genuine one up.
    expect(await guard.authenticate(bound(proof))).toMatchObject(allowed);
  });

  test("when it is older than a minute, or of a time to come, by more than clocks may differ", async () => {
    const at = issuer.time / 1000;
    const ages: [number, boolean][] = [
      [65, true],
      [66, false],
      [-5, true],
      [-6, false],
    ];
    for (const [age, isTaken] of ages) {
      const dpop = await issuer.proof(token, key, { iat: at - age });
      const verdict = await issuer.guard().authenticate(bound(dpop));
      expect(verdict.outcome, String(age)).toBe(isTaken ? "allowed" : "refused");
    }
  });
});

describe("the address of a proof", () => {
  test("has no query, whatever the request's is, and one proof is good for one of them", async () => {
    const guard = issuer.guard();
    const dpop = await issuer.proof(token, key);
    const asked = (path: string) => ({ ...bound(dpop), path });
    expect(await guard.authenticate(asked("/orders?of=ada"))).toMatchObject(allowed);
    expect(await guard.authenticate(asked("/orders?of=bob"))).toMatchObject(
      refused("it was used before"),
    );
  });

  test.each([
    `${AUDIENCE}/orders?of=ada`,
    `${AUDIENCE}/orders#x`,
    "HTTPS://ORDERS.example.com:443/x/../orders",
  ])("is compared as it is normalized: %s", async (htu) => {
    const dpop = await issuer.proof(token, key, { htu });
    expect(await issuer.guard().authenticate(bound(dpop))).toMatchObject(allowed);
  });

  test("is the service's own, whatever host the request names", async () => {
    const dpop = await issuer.proof(token, key);
    const path = "http://evil.example/orders";
    expect(await issuer.guard().authenticate({ ...bound(dpop), path })).toMatchObject(allowed);
    const theirs = await issuer.proof(token, key, { htu: path });
    expect(await issuer.guard().authenticate({ ...bound(theirs), path })).toMatchObject(refused());
  });

  test("begins with what a proxy has cut off", async () => {
    const guard = issuer.guard({ publicUrl: "https://example.com/shop/" });
    const dpop = await issuer.proof(token, key, { htu: "https://example.com/shop/orders" });
    expect(await guard.authenticate(bound(dpop))).toMatchObject(allowed);
  });
});

describe("the memory of proofs", () => {
  test("keeps one for as long as it would be taken, and no longer", () => {
    let now = 0;
    const memory = replayMemory(() => now, 1);
    expect(memory.use("a", 70)).toBe(true);
    now = 70_000;
    expect(memory.use("a", 70)).toBe(false);
    now = 70_001;
    expect(memory.use("b", 70)).toBe(true);
    expect(memory.use("b", 70)).toBe(false);
  });

  test("forgets none for a newer one: when it is full, the answer is 503", async () => {
    const replays = replayMemory(() => issuer.time, 3);
    const guard = issuer.guard({ proofs: { replays } });
    const proofs = await Promise.all(Array.from({ length: 4 }, () => issuer.proof(token, key)));
    const [first = "", second = "", third = "", fourth = ""] = proofs;
    for (const proof of [first, second, third]) {
      expect(await guard.authenticate(bound(proof))).toMatchObject(allowed);
    }
    expect(await guard.authenticate(bound(fourth))).toMatchObject({ status: 503 });
    expect(await guard.authenticate(bound(first))).toMatchObject(refused("it was used before"));
  });

  test("can be one that several processes share, and nobody is let in where it fails", async () => {
    const seen = new Set<string>();
    const lifetimes: number[] = [];
    const replays = {
      use: async (id: string, lifetimeSeconds: number) => {
        lifetimes.push(lifetimeSeconds);
        return !seen.has(id) && seen.add(id).has(id);
      },
    };
    const once = await issuer.proof(token, key);
    const guards = [issuer.guard({ proofs: { replays } }), issuer.guard({ proofs: { replays } })];
    const verdicts = await Promise.all(guards.map((guard) => guard.authenticate(bound(once))));
    expect(verdicts.map(({ outcome }) => outcome).sort()).toEqual(["allowed", "refused"]);
    expect(lifetimes).toEqual([70, 70]);
    const broken = issuer.guard({
      proofs: { replays: { use: () => Promise.reject(new Error("no connection")) } },
    });
    const next = bound(await issuer.proof(token, key));
    expect(await broken.authenticate(next)).toMatchObject({ status: 503, code: "unavailable" });
  });
});
