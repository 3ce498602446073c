import { beforeEach, describe, expect, test } from "vitest";
import { aKey, anIssuer, bearer, type Issuer } from "./an-issuer.js";

let issuer: Issuer;
beforeEach(async () => {
  issuer = await anIssuer();
});

const JWKS = "/oidc/jwks";
const allowed = { outcome: "allowed" };
const unknown = { status: 401, code: "invalid_token", reason: "unknown key" };
const unavailable = { outcome: "refused", status: 503, code: "unavailable" };

const outage = () => {
  issuer.answers[JWKS] = () => Promise.reject(new TypeError("fetch failed"));
};
const isBack = () => {
  delete issuer.answers[JWKS];
};

describe("published keys", () => {
  test("are fetched once for all who come at once, and kept", async () => {
    const guard = issuer.guard();
    const tokens = await Promise.all(Array.from({ length: 50 }, () => issuer.token()));
    const verdicts = await Promise.all(tokens.map((token) => guard.authenticate(bearer(token))));
    expect(verdicts.every(({ outcome }) => outcome === "allowed")).toBe(true);
    issuer.later(600_000);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
    expect(issuer.asked).toEqual([JWKS]);
    issuer.later(1);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
    expect(issuer.asked).toEqual([JWKS, JWKS]);
  });

  test("that are new are found on the first token that names one", async () => {
    const guard = issuer.guard();
    await guard.authenticate(bearer(await issuer.token()));
    issuer.later(31_000);
    const next = await aKey();
    issuer.published.push(next.publicJwk);
    const token = await issuer.token({}, {}, next);
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, () => guard.authenticate(bearer(token))),
    );
    expect(verdicts.every(({ outcome }) => outcome === "allowed")).toBe(true);
    expect(issuer.asked).toEqual([JWKS, JWKS]);
  });

  test("are asked for once in thirty seconds, however many ids strangers make up", async () => {
    const guard = issuer.guard();
    await guard.authenticate(bearer(await issuer.token()));
    issuer.later(31_000);
    for (let count = 0; count < 50; count += 1) {
      const token = await issuer.token({}, { kid: `made-up-${count}` });
      expect(await guard.authenticate(bearer(token))).toMatchObject(unknown);
      issuer.later(500);
    }
    expect(issuer.asked).toEqual([JWKS, JWKS]);
  });

  test("that were taken back verify nothing once the set is looked at again", async () => {
    const guard = issuer.guard();
    const former = issuer.key;
    await guard.authenticate(bearer(await issuer.token()));
    issuer.published = [(await aKey()).publicJwk];
    issuer.later(600_001);
    const token = await issuer.token({}, {}, former);
    expect(await guard.authenticate(bearer(token))).toMatchObject(unknown);
  });
});

describe("while Gatehouse is out of reach", () => {
  test("keys hold for an hour, and then nobody is let in", async () => {
    const guard = issuer.guard();
    await guard.authenticate(bearer(await issuer.token()));
    outage();
    issuer.later(3_600_000);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
    issuer.later(1);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(unavailable);
    issuer.later(5_001);
    isBack();
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
  });

  test("nobody is let in who comes first, and Gatehouse is asked again soon", async () => {
    const guard = issuer.guard();
    outage();
    for (let count = 0; count < 10; count += 1) {
      expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(unavailable);
    }
    expect(issuer.asked).toEqual([JWKS]);
    issuer.later(5_001);
    isBack();
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
  });

  test("a key that is not known is no reason to call a token bad", async () => {
    const guard = issuer.guard();
    await guard.authenticate(bearer(await issuer.token()));
    issuer.later(31_000);
    outage();
    const token = await issuer.token({}, {}, await aKey());
    expect(await guard.authenticate(bearer(token))).toMatchObject(unavailable);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(allowed);
  });

  test("a clock that is put back makes no keys last longer", async () => {
    const guard = issuer.guard();
    await guard.authenticate(bearer(await issuer.token()));
    outage();
    issuer.later(-60_000);
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(unavailable);
  });
});

describe("an answer that is no key set lets nobody in", () => {
  const large = `{"keys":[],"x":"${"x".repeat(300_000)}"}`;
  test.each<[string, () => Response]>([
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://evil.example/jwks" } }),
    ],
    ["a failure", () => new Response("{}", { status: 500 })],
    ["a page", () => new Response("<html>")],
    ["a list", () => Response.json([])],
    ["null", () => Response.json(null)],
    ["no keys", () => Response.json({ keys: [] })],
    ["keys that are none", () => Response.json({ keys: [null, 7, "x", {}] })],
    ["keys that are an object", () => Response.json({ keys: { length: 1 } })],
    ["more than a quarter of a megabyte", () => new Response(large)],
    ["nothing", () => new Response(null)],
  ])("%s", async (_, answer) => {
    issuer.answers[JWKS] = answer;
    expect(await issuer.guard().authenticate(bearer(await issuer.token()))).toMatchObject(
      unavailable,
    );
  });

  test("a set from where a redirect led", async () => {
    issuer.answers[JWKS] = () =>
      Object.defineProperty(Response.json({ keys: issuer.published }), "redirected", {
        value: true,
      });
    expect(await issuer.guard().authenticate(bearer(await issuer.token()))).toMatchObject(
      unavailable,
    );
  });

  test("one that does not come in time", async () => {
    let wasRedirect: RequestRedirect | undefined;
    issuer.answers[JWKS] = (_, { signal, redirect }) => {
      wasRedirect = redirect;
      return new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason as Error));
      });
    };
    const guard = issuer.guard({ timeoutSeconds: 0.02 });
    expect(await guard.authenticate(bearer(await issuer.token()))).toMatchObject(unavailable);
    expect(wasRedirect).toBe("error");
  });
});
