import { beforeEach, describe, expect, test } from "vitest";
import { AUDIENCE, anIssuer, bearer, type Issuer, request } from "./an-issuer.js";

let issuer: Issuer;
beforeEach(async () => {
  issuer = await anIssuer();
});

const allowed = { outcome: "allowed" };
const AAL = (level: number) => `urn:gatehouse:aal${level}`;

describe("a requirement", () => {
  test("of scopes is met by all of them, and names them (RFC 6750 §3.1)", async () => {
    const guard = issuer.guard();
    const sent = bearer(await issuer.token({ scope: "orders:read orders:write" }));
    const scopes = ["orders:read", "orders:write"];
    expect(await guard.authenticate(sent, { scopes })).toMatchObject(allowed);
    expect(await guard.authenticate(sent, { scopes: [...scopes, "orders:delete"] })).toMatchObject({
      status: 403,
      code: "insufficient_scope",
      headers: {
        "www-authenticate":
          'Bearer error="insufficient_scope", scope="orders:read orders:write orders:delete"',
      },
    });
    const without = bearer(await issuer.token({ scope: undefined }));
    expect(await guard.authenticate(without, { scopes: [""] })).toMatchObject({ status: 403 });
  });

  test("of a class of sign-in is met by it and by those above (RFC 9470 §3)", async () => {
    const guard = issuer.guard();
    for (const [has, wants, isMet] of [
      [AAL(2), AAL(2), true],
      [AAL(3), AAL(2), true],
      [AAL(1), AAL(2), false],
      ["urn:other", AAL(1), false],
      [AAL(3), "urn:other", false],
      ["urn:other", "urn:other", true],
      [undefined, AAL(1), false],
    ] as const) {
      const verdict = await guard.authenticate(bearer(await issuer.token({ acr: has })), {
        acr: wants,
      });
      expect(verdict.outcome === "allowed", `${has} for ${wants}`).toBe(isMet);
    }
    const weak = bearer(await issuer.token({ acr: AAL(1) }));
    expect(await guard.authenticate(weak, { acr: AAL(2), maxAgeSeconds: 300 })).toMatchObject({
      status: 401,
      code: "insufficient_user_authentication",
      headers: {
        "www-authenticate":
          'Bearer error="insufficient_user_authentication", acr_values="urn:gatehouse:aal2", max_age="300"',
      },
    });
  });

  test("of a recent sign-in is not met by an older one, one to come, or one without a time", async () => {
    const guard = issuer.guard();
    const at = issuer.time / 1000;
    for (const [auth_time, isMet] of [
      [at - 300, true],
      [at - 301, false],
      [at + 5, true],
      [at + 6, false],
      [undefined, false],
      [String(at), false],
    ] as const) {
      const sent = bearer(await issuer.token({ auth_time }));
      const verdict = await guard.authenticate(sent, { maxAgeSeconds: 300 });
      expect(verdict.outcome === "allowed", String(auth_time)).toBe(isMet);
    }
    const sent = bearer(await issuer.token({ auth_time: at }));
    expect(await guard.authenticate(sent, { maxAgeSeconds: Number.NaN })).toMatchObject({
      status: 401,
    });
  });

  test("of a permission is met by what the gateway has checked, and by no token", async () => {
    const guard = issuer.guard({ assertions: { audience: AUDIENCE } });
    const asserted = request({ "gatehouse-assertion": await issuer.assertion() });
    expect(await guard.authenticate(asserted, { permission: "view_order" })).toMatchObject(allowed);
    const denied = { status: 403, code: "access_denied" };
    expect(await guard.authenticate(asserted, { permission: "delete_order" })).toMatchObject(
      denied,
    );
    // A claim that an administrator lets tokens have is none of the gateway's.
    const token = bearer(await issuer.token({ permission: "view_order" }));
    const verdict = await guard.authenticate(token, { permission: "view_order" });
    expect(verdict).toMatchObject(denied);
    expect(verdict).not.toHaveProperty("headers.www-authenticate");
  });
});

describe("options", () => {
  const unset = undefined as unknown as string;
  test.each<[string, object]>([
    ["an audience that is not set", { accessTokens: { audience: unset } }],
    ["an empty audience", { accessTokens: { audience: "" } }],
    ["an audience of assertions that is not set", { assertions: { audience: unset } }],
    ["neither tokens nor assertions", { accessTokens: undefined }],
    ["no issuer", { issuer: unset }],
    ["an issuer that is no address", { issuer: "id.example.com" }],
    ["an issuer without encryption", { issuer: "http://id.example.com/oidc" }],
    ["keys without encryption", { keys: { uri: "http://id.example.com/oidc/jwks" } }],
    ["a public address that is empty", { publicUrl: "" }],
    ["a shared secret as algorithm", { algorithms: ["HS256"] }],
    ["no signature as algorithm", { algorithms: ["none"] }],
    ["no algorithms", { algorithms: [] }],
    ["a tolerance that is no number", { toleranceSeconds: Number.NaN }],
    ["a tolerance as text", { toleranceSeconds: "5" }],
    ["a tolerance of an hour", { toleranceSeconds: 3_600 }],
    ["keys that never end", { keys: { staleSeconds: Number.POSITIVE_INFINITY } }],
    [
      "a cache of decisions that is no number",
      { client: { id: "a", secret: "b" }, decisions: { cacheSeconds: Number.NaN } },
    ],
    ["introspection without a client", { introspection: { when: "always" } }],
    ["decisions without a client", { decisions: {} }],
    ["a client without a secret", { client: { id: "a", secret: unset } }],
    [
      "introspection of an unknown kind",
      { client: { id: "a", secret: "b" }, introspection: { when: "alway" } },
    ],
  ])("with %s make no guard", (_, options) => {
    expect(() => issuer.guard(options)).toThrow(/^@gatehouse\/guard: /);
  });

  test("may name addresses without encryption on this machine, and elsewhere where that is said", () => {
    expect(() => issuer.guard({ issuer: "http://localhost:3000/oidc" })).not.toThrow();
    expect(() => issuer.guard({ issuer: "http://id.test/oidc", insecureHttp: true })).not.toThrow();
  });
});
