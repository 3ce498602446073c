import { beforeEach, describe, expect, test } from "vitest";
import type { Question, Requirement } from "../src/guard.js";
import { anIssuer, bearer, type Issuer } from "./an-issuer.js";

let issuer: Issuer;
let asked: { authorization: string | null; body: unknown }[];
let tokens: string[];
beforeEach(async () => {
  issuer = await anIssuer();
  asked = [];
  tokens = [];
  issuer.answers["/oidc/token"] = (_, { body }) => {
    tokens.push(String(body as URLSearchParams));
    return Response.json({ access_token: `own-${tokens.length}`, expires_in: 600 });
  };
});

const PATH = "/access/v1/evaluation";
const client = { id: "orders", secret: "secret" };
const guard = (more = {}) => issuer.guard({ client, decisions: more });
const decision: Question = { action: "view_order", resource: { type: "Order", id: "7" } };
const ask = async (own: ReturnType<typeof guard>, wanted: Requirement = { decision }) =>
  own.authenticate(bearer(await issuer.token({ acr: "urn:gatehouse:aal1", auth_time: 5 })), wanted);

/** Gatehouse decides this from now on. */
function decides(answer: unknown, status = 200): void {
  issuer.answers[PATH] = (_, { headers, body }) => {
    asked.push({
      authorization: new Headers(headers).get("authorization"),
      body: JSON.parse(body as string),
    });
    return Response.json(answer, { status });
  };
}

const denied = { outcome: "refused", status: 403, code: "access_denied" };
const unavailable = { outcome: "refused", status: 503, code: "unavailable" };

describe("a decision (AuthZEN 1.0)", () => {
  test("is asked for with this service's own token, about whoever was verified", async () => {
    decides({ decision: true });
    const wanted = { decision: { ...decision, context: { ip: "192.0.2.4", acr: "forged" } } };
    expect(await ask(guard(), wanted)).toMatchObject({ outcome: "allowed" });
    expect(asked).toEqual([
      {
        authorization: "Bearer own-1",
        body: {
          subject: { type: "user", id: "ada" },
          action: { name: "view_order" },
          resource: { type: "Order", id: "7" },
          context: { ip: "192.0.2.4", acr: "urn:gatehouse:aal1", auth_time: 5 },
        },
      },
    ]);
    expect(tokens).toEqual([
      "grant_type=client_credentials&resource=https%3A%2F%2Fid.example.com%2Fapi%2Fv1&scope=api%3Aread",
    ]);
  });

  test("is not asked for about somebody who is refused anyway", async () => {
    decides({ decision: true });
    expect(await ask(guard(), { decision, scopes: ["orders:write"] })).toMatchObject({
      code: "insufficient_scope",
    });
    expect(asked).toEqual([]);
  });

  test.each<[string, unknown]>([
    ["no", { decision: false, context: { reason: "no-grant" } }],
    ["nothing", {}],
    ["a text", { decision: "true" }],
    ["a number", { decision: 1 }],
  ])("that is %s lets nobody in", async (_, answer) => {
    decides(answer);
    expect(await ask(guard())).toMatchObject(denied);
  });

  test("that takes a stronger sign-in says which (RFC 9470 §3)", async () => {
    decides({
      decision: false,
      context: { reason: "step-up", acr_values: "urn:gatehouse:aal2", max_age: 600 },
    });
    expect(await ask(guard())).toMatchObject({
      status: 401,
      code: "insufficient_user_authentication",
      headers: {
        "www-authenticate":
          'Bearer error="insufficient_user_authentication", acr_values="urn:gatehouse:aal2", max_age="600"',
      },
    });
  });

  test.each<[string, unknown, number]>([
    ["a failure", { decision: true }, 500],
    ["that this service may not ask", { decision: true }, 403],
    ["a redirect", { decision: true }, 302],
    ["no object", null, 200],
  ])("whose answer is %s lets nobody in", async (_, answer, status) => {
    decides(answer, status);
    expect(await ask(guard())).toMatchObject(unavailable);
  });

  test("that does not come in time lets nobody in, and is asked for again", async () => {
    issuer.answers[PATH] = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    const own = issuer.guard({ client, decisions: {}, timeoutSeconds: 0.02 });
    expect(await ask(own)).toMatchObject(unavailable);
    decides({ decision: true });
    expect(await ask(own)).toMatchObject({ outcome: "allowed" });
  });

  test("holds for five seconds, yes and no alike, and for what was asked alone", async () => {
    const own = guard();
    decides({ decision: true });
    await Promise.all(Array.from({ length: 50 }, () => ask(own)));
    expect(asked).toHaveLength(1);
    decides({ decision: false });
    issuer.later(5_000);
    expect(await ask(own)).toMatchObject({ outcome: "allowed" });
    const others: Question[] = [
      { ...decision, action: "delete_order" },
      { ...decision, resource: { type: "Order", id: "8" } },
      { ...decision, resource: { type: "Invoice", id: "7" } },
      { ...decision, context: { ip: "192.0.2.4" } },
    ];
    for (const other of others) {
      expect(await ask(own, { decision: other }), JSON.stringify(other)).toMatchObject(denied);
    }
    const bob = bearer(await issuer.token({ sub: "bob" }));
    expect(await own.authenticate(bob, { decision })).toMatchObject(denied);
    issuer.later(1);
    expect(await ask(own)).toMatchObject(denied);
    decides({ decision: true });
    expect(await ask(own)).toMatchObject(denied);
  });

  test("is kept for so many questions and no more", async () => {
    const own = guard({ cacheSeconds: 300 });
    decides({ decision: true });
    const about = (id: number) =>
      ask(own, { decision: { ...decision, resource: { type: "Order", id: String(id) } } });
    for (let id = 0; id <= 1_000; id += 1) await about(id);
    expect(asked).toHaveLength(1_001);
    await about(1_000);
    expect(asked).toHaveLength(1_001);
    await about(0);
    expect(asked).toHaveLength(1_002);
  });

  test("may be about what the request is about", async () => {
    decides({ decision: true });
    const wanted: Requirement = {
      decision: async ({ subject }) => ({
        action: "view_order",
        resource: { type: "Order", id: `of ${subject}` },
      }),
    };
    expect(await ask(guard(), wanted)).toMatchObject({ outcome: "allowed" });
    expect(asked).toMatchObject([{ body: { resource: { id: "of ada" } } }]);
  });

  test("that nobody is set up to answer is a mistake, and no yes", async () => {
    await expect(ask(issuer.guard())).rejects.toThrow("a decision needs the option decisions");
  });
});

describe("the token of this service", () => {
  test("is got anew half a minute before its end, once for all who ask", async () => {
    const own = guard({ cacheSeconds: 0 });
    decides({ decision: true });
    await Promise.all(Array.from({ length: 20 }, () => ask(own)));
    issuer.later(570_000);
    await ask(own);
    expect(tokens).toHaveLength(1);
    issuer.later(1);
    await ask(own);
    expect(tokens).toHaveLength(2);
  });

  test("that is refused is replaced once", async () => {
    const own = guard();
    decides({ error: "invalid_token" }, 401);
    expect(await ask(own)).toMatchObject(unavailable);
    expect(asked.map(({ authorization }) => authorization)).toEqual([
      "Bearer own-1",
      "Bearer own-2",
    ]);
    decides({ decision: true });
    expect(await ask(own)).toMatchObject({ outcome: "allowed" });
    expect(tokens).toHaveLength(3);
  });

  test.each<[string, () => Response]>([
    ["is refused", () => Response.json({ error: "invalid_client" }, { status: 401 })],
    ["is none", () => Response.json({ access_token: 7 })],
  ])("that %s lets nobody in", async (_, answer) => {
    issuer.answers["/oidc/token"] = answer;
    decides({ decision: true });
    expect(await ask(guard())).toMatchObject(unavailable);
    expect(asked).toEqual([]);
  });
});
